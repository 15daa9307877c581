using System.Numerics;

namespace Serverless.Inference.Execution.Admission;

/// <summary>
/// How long runs of a model take by their size: rows, times their length where it takes sequences. One rolling mean, and how far runs are
/// from it, for each power of two.
/// </summary>
internal sealed class RunTimes(TimeProvider time)
{
    private const double Weight = 0.1;

    // A run that took ten times as long as usual was mostly not running: one such sample must not change where calls run.
    private const double Outlier = 2;

    // Of runs that spread as a bell does, one in a hundred takes longer than the mean and three mean deviations.
    private const double Deviations = 3;

    private const int Sizes = 40;

    // Up by the one, down by the other: three of four runs are longer.
    private const double QuickUp = 1.02;
    private const double QuickDown = 0.94;

    private readonly Size?[] _sizes = new Size?[Sizes];
    private readonly Lock _gate = new();

    public void Add(long units, TimeSpan run)
    {
        var index = BitOperations.Log2((ulong)units);
        if (index >= Sizes)
            return;
        lock (_gate)
        {
            var (ticks, known) = (run.TotalSeconds * time.TimestampFrequency, _sizes[index]);
            if (known is null)
                _sizes[index] = new Size { Ticks = ticks, Quick = ticks, Units = units };
            else
                known.Add(ticks, units);
        }
    }

    /// <summary>The time of a run in the clock's ticks; 0 when nothing is known.</summary>
    public double Estimate(long units) => Find(units) is var (size, times) ? size.Ticks * times : 0;

    /// <summary>What a run takes at most, but for one in a hundred: what is promised for a deadline.</summary>
    public double AtMost(long units) => Find(units) is var (size, times) ? (size.Ticks + (Deviations * size.Deviation)) * times : 0;

    /// <summary>
    /// What a run takes while nothing else wants its processor, the lower quartile; 0 when nothing is known. It decides where calls run: the
    /// mean grows with the load, and calls that move to other threads for it are more load.
    /// </summary>
    public double Undisturbed(long units) => Find(units) is var (size, times) ? size.Quick * times : 0;

    /// <summary>What a unit takes in the runs that do best by it, up to <paramref name="most"/> units.</summary>
    public double BestPerUnit(long most)
    {
        var best = double.MaxValue;
        for (var index = 0; index < Sizes && 1L << index <= most; index++)
        {
            if (Volatile.Read(ref _sizes[index]) is { } size)
                best = Math.Min(best, size.Ticks / size.Units);
        }

        return best == double.MaxValue ? Estimate(Math.Max(most, 1)) / Math.Max(most, 1) : best;
    }

    private (Size Size, double Times)? Find(long units)
    {
        var index = BitOperations.Log2((ulong)units);
        for (var lower = Math.Min(index, Sizes - 1); lower >= 0; lower--)
        {
            // Beyond what was seen, time grows with size at most.
            if (Volatile.Read(ref _sizes[lower]) is { } size)
                return (size, Math.Max(units / size.Units, 0.5));
        }

        for (var higher = index + 1; higher < Sizes; higher++)
        {
            if (Volatile.Read(ref _sizes[higher]) is { } size)
                return (size, 1);
        }

        return null;
    }

    private sealed class Size
    {
        // They allocate and lay out: the quickest of them is what the next will be like.
        private const int FirstRuns = 4;

        private int _count = 1;

        public double Ticks { get; set; }

        public double Units { get; set; }

        /// <summary>What three of four runs take longer than.</summary>
        public double Quick { get; set; }

        /// <summary>How far runs are from <see cref="Ticks"/>, in the mean.</summary>
        public double Deviation { get; private set; }

        public void Add(double ticks, double units)
        {
            Units += (units - Units) * Weight;
            if (++_count <= FirstRuns)
            {
                Quick = Ticks = Math.Min(Ticks, ticks);
                return;
            }

            Quick *= ticks > Quick ? QuickUp : QuickDown;
            var off = Math.Min(ticks, Ticks * Outlier) - Ticks;
            Ticks += off * Weight;
            Deviation += (Math.Abs(off) - Deviation) * Weight;
        }
    }
}

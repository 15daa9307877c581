namespace Serverless.Optimization.Calibration;

/// <summary>Counts magnitudes up to the largest, in bins of the same width.</summary>
/// <param name="largest">The largest magnitude.</param>
internal sealed class MagnitudeHistogram(float largest)
{
    private const int Bins = 2048;

    // What is left of a range's bins on one side of zero: int8 has 127 steps there, and uint8 of a value that is never negative twice that.
    private const int Levels = 128;

    private readonly double[] _counts = new double[Bins];

    public void Add(ReadOnlySpan<float> numbers)
    {
        if (largest == 0)
            return;
        foreach (var number in numbers)
            _counts[Math.Min(Bins - 1, (int)(MathF.Abs(number) / largest * Bins))]++;
    }

    /// <summary>The magnitude that <paramref name="percent"/> of the numbers stay within.</summary>
    public float Percentile(double percent)
    {
        var wanted = _counts.Sum() * percent / 100;
        var (bin, sum) = (0, _counts[0]);
        while (sum < wanted && bin + 1 < Bins)
            sum += _counts[++bin];
        return EndOf(bin);
    }

    /// <summary>
    /// The magnitude to cut off at so that what is left, in few levels, tells the least less than what was seen (by relative entropy).
    /// </summary>
    public float Entropy()
    {
        var (best, least) = (Bins, double.MaxValue);
        for (var end = Levels; end <= Bins; end += Levels / 8)
        {
            var loss = Divergence(end);
            if (loss < least)
                (best, least) = (end, loss);
        }

        return EndOf(best - 1);
    }

    private float EndOf(int bin) => largest * (bin + 1) / Bins;

    // Of the bins up to the end, the last one with all that is cut off, to the same in levels whose bins share their counts.
    private double Divergence(int end)
    {
        var cut = _counts[end..].Sum();
        var (all, kept) = (_counts.Sum(), _counts[..end].Sum());
        if (kept == 0)
            return double.MaxValue;
        var divergence = 0.0;
        for (var level = 0; level < Levels; level++)
        {
            var (from, to) = (level * end / Levels, (level + 1) * end / Levels);
            var filled = _counts[from..to].Count(count => count > 0);
            var mean = _counts[from..to].Sum() / Math.Max(1, filled);
            for (var bin = from; bin < to; bin++)
            {
                var seen = _counts[bin] + (bin == end - 1 ? cut : 0);
                if (seen == 0)
                    continue;
                // An empty last bin that takes what is cut off is told by nothing: as if by a tenth of a number.
                var told = _counts[bin] > 0 ? mean : 0.1;
                divergence += seen / all * Math.Log(seen / all / (told / kept));
            }
        }

        return divergence;
    }
}

using System.Numerics;

namespace Serverless.Simulation;

/// <summary>
/// Counts durations in buckets that grow with them: 128 to each power of two of microseconds, so a quantile is right within 1 %,
/// and the memory is the same for ten requests and ten million.
/// </summary>
public sealed class DurationHistogram
{
    private const int SubBits = 7;
    private const int Subs = 1 << SubBits;

    private readonly long[] _counts = new long[Subs * (64 - SubBits)];
    private double _seconds;

    /// <summary>How many were counted.</summary>
    public long Count { get; private set; }

    /// <summary>The longest.</summary>
    public TimeSpan Max { get; private set; }

    /// <summary>Their mean; zero of none.</summary>
    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(_seconds / Count);

    /// <summary>The duration that this share of them does not exceed; zero of none.</summary>
    /// <param name="share">0 to 1.</param>
    public TimeSpan Quantile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
                return Shorter(Highest(i), Max);
        }

        return TimeSpan.Zero;
    }

    /// <summary>The filled buckets, the shortest first: their upper end and the share of all that is not above it.</summary>
    public IEnumerable<(TimeSpan UpTo, double Share)> Cumulative()
    {
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] == 0)
                continue;

            seen += _counts[i];
            yield return (Shorter(Highest(i), Max), (double)seen / Count);
        }
    }

    internal void Add(TimeSpan duration)
    {
        _counts[Bucket(Math.Max(0, duration.Ticks / TimeSpan.TicksPerMicrosecond))]++;
        _seconds += duration.TotalSeconds;
        Count++;
        if (duration > Max)
            Max = duration;
    }

    // Below 128 µs a bucket each; above, the 7 bits behind the highest one.
    private static int Bucket(long microseconds)
    {
        if (microseconds < Subs)
            return (int)microseconds;

        var shift = BitOperations.Log2((ulong)microseconds) - SubBits;
        return ((shift + 1) << SubBits) + (int)(microseconds >> shift) - Subs;
    }

    private static TimeSpan Highest(int bucket)
    {
        if (bucket < Subs)
            return TimeSpan.FromMicroseconds(bucket);

        var shift = (bucket >> SubBits) - 1;
        return TimeSpan.FromMicroseconds(((((long)(bucket & (Subs - 1)) + Subs + 1) << shift) - 1));
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

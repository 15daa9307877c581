namespace Serverless.Gateway.RateLimits;

/// <summary>
/// A bucket of what one tenant uses of one unit: a minute's worth at once, refilled evenly. The lock is held for a few arithmetic operations.
/// </summary>
internal sealed class RateBucket(TimeProvider time)
{
    private static readonly double TicksPerMinute = TimeSpan.FromMinutes(1).Ticks;

    // Of a quotient that is no binary fraction: a place that is free by rights must not be lost to its last bit.
    private const double Rounding = 1e-6;

    private readonly Lock _lock = new();
    private double _used;
    private long _at = time.GetTimestamp();

    /// <summary>Takes <paramref name="amount"/> if that much is free, and says how it stands.</summary>
    /// <param name="amount">How much; no more than the limit, or it is never free.</param>
    /// <param name="perMinute">The limit as it is now; what was used before counts against it.</param>
    public RateQuota Take(long amount, int perMinute)
    {
        lock (_lock)
        {
            Refill(perMinute);
            var admitted = _used + amount <= perMinute + Rounding;
            if (admitted)
                _used += amount;
            return QuotaOf(perMinute, amount, admitted);
        }
    }

    /// <summary>
    /// Takes <paramref name="change"/> more, whether or not that much is free, or gives it back where it is negative. What has been refilled
    /// since it was taken is not given back a second time.
    /// </summary>
    public RateQuota Correct(long change, int perMinute)
    {
        lock (_lock)
        {
            Refill(perMinute);
            _used = Math.Max(0, _used + change);
            return QuotaOf(perMinute, 1, isAdmitted: true);
        }
    }

    private void Refill(int perMinute)
    {
        var now = time.GetTimestamp();
        _used = Math.Max(0, _used - (time.GetElapsedTime(_at, now).Ticks * perMinute / TicksPerMinute));
        _at = now;
    }

    private RateQuota QuotaOf(int perMinute, long next, bool isAdmitted) => new(
        isAdmitted,
        perMinute,
        Math.Max(0, (int)(perMinute - _used + Rounding)),
        MinutesFor(_used, perMinute),
        MinutesFor(Math.Max(0, _used + next - perMinute), perMinute));

    private static TimeSpan MinutesFor(double amount, int perMinute) => TimeSpan.FromMinutes(amount / perMinute);
}

namespace Serverless.Gateway.RateLimits;

/// <summary>
/// A bucket of one tenant's requests: a minute's worth at once, refilled evenly. The lock is held for a few arithmetic operations.
/// </summary>
internal sealed class RequestBucket(TimeProvider time)
{
    private static readonly double TicksPerMinute = TimeSpan.FromMinutes(1).Ticks;

    // Of a quotient that is no binary fraction: a place that is free by rights must not be lost to its last bit.
    private const double Rounding = 1e-6;

    private readonly Lock _lock = new();
    private double _used;
    private long _at = time.GetTimestamp();

    /// <summary>Takes a place if one is free, and says how it stands.</summary>
    /// <param name="perMinute">The limit as it is now; what was used before counts against it.</param>
    public RequestQuota Take(int perMinute)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _used = Math.Max(0, _used - (time.GetElapsedTime(_at, now).Ticks * perMinute / TicksPerMinute));
            _at = now;
            var admitted = _used + 1 <= perMinute + Rounding;
            if (admitted)
                _used++;
            return new RequestQuota(
                admitted,
                perMinute,
                Math.Max(0, (int)(perMinute - _used + Rounding)),
                MinutesFor(_used, perMinute),
                MinutesFor(Math.Max(0, _used + 1 - perMinute), perMinute));
        }
    }

    private static TimeSpan MinutesFor(double requests, int perMinute) => TimeSpan.FromMinutes(requests / perMinute);
}

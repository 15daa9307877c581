namespace Serverless.Scaling;

/// <summary>A fixed beat: due at its first look and then at whole intervals after its start, however late it is looked at.</summary>
internal sealed class Beat(TimeProvider time, TimeSpan interval)
{
    private readonly long _start = time.GetTimestamp();
    private long _next;

    /// <summary>From now to the next beat; zero when it is due.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var left = (interval * _next) - time.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public bool IsDue()
    {
        var elapsed = time.GetElapsedTime(_start);
        if (elapsed < interval * _next)
            return false;

        _next = (elapsed.Ticks / Math.Max(1, interval.Ticks)) + 1;
        return true;
    }
}

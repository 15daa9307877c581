namespace Serverless.ContainerHost.Replicas;

/// <summary>
/// Pauses before a crashed replica is replaced, as a kubelet's: none after the first crash, then 10 s, 20 s, 40 s up to five minutes; ten
/// minutes without one are a new beginning. Not for several threads.
/// </summary>
internal sealed class CrashBackoff(double speed, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    private int _crashes;
    private DateTimeOffset _last;
    private DateTimeOffset _until;

    /// <summary>How long nothing may be started yet.</summary>
    public TimeSpan Remaining => _until - time.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    public void Crashed()
    {
        var now = time.GetUtcNow();
        if (now - _last > Forgotten / speed)
            _crashes = 0;
        var pause = _crashes == 0 ? TimeSpan.Zero : First * Math.Pow(2, Math.Min(_crashes - 1, 10));
        _until = now + ((pause < Longest ? pause : Longest) / speed);
        _last = now;
        _crashes++;
    }
}

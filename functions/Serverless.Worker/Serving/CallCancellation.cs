namespace Serverless.Worker.Serving;

/// <summary>
/// Ends a call at its deadline, when the client leaves, or when a stopping worker has no more time for it. Kept for the next call: two sources
/// and a timer for each would cost a small model's request more than its answer does.
/// </summary>
internal sealed class CallCancellation : IDisposable
{
    private readonly CancellationTokenRegistration _drained;
    private CancellationTokenSource _source = new();
    private CancellationTokenRegistration _left;
    private TimeSpan _timeout;

    /// <param name="drained">The worker has no more time for calls.</param>
    public CallCancellation(CancellationToken drained) =>
        _drained = drained.UnsafeRegister(static call => ((CallCancellation)call!).Drained(), this);

    public CancellationToken Token => _source.Token;

    public void Begin(TimeSpan timeout, CancellationToken left)
    {
        _timeout = timeout;
        _source.CancelAfter(timeout);
        _left = left.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>Gives the call its whole time anew: an answer that comes in pieces may take long, but not go silent.</summary>
    public void Prolong() => _source.CancelAfter(_timeout);

    public void End()
    {
        // Waits for a callback that is running, so that it cannot meet the next call.
        _left.Dispose();
        if (_source.TryReset())
            return;
        _source.Dispose();
        _source = new CancellationTokenSource();
    }

    /// <summary>Called by the pool, which keeps only so many.</summary>
    public void Dispose()
    {
        _drained.Dispose();
        _source.Dispose();
    }

    private void Drained()
    {
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call has just ended by itself.
        }
    }
}

namespace Serverless.Gateway.Holding;

/// <summary>One waking of a replica, with all who wait for it.</summary>
internal sealed class WakeUpFlight(long started) : IDisposable
{
    private readonly CancellationTokenSource _abandoned = new();
    private readonly TaskCompletionSource<TimeSpan> _landing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When it began.</summary>
    public long Started => started;

    /// <summary>How many wait.</summary>
    public int Waiters { get; set; }

    /// <summary>Cancelled once nobody waits any more.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Completes when a replica answers, with how long that took.</summary>
    public Task<TimeSpan> Landing => _landing.Task;

    public void Abandon() => _abandoned.Cancel();

    public void Land(TimeSpan took) => _landing.TrySetResult(took);

    public void Fail(Exception exception)
    {
        _landing.TrySetException(exception);
        // Those who waited may have left.
        _ = _landing.Task.Exception;
    }

    public void Dispose() => _abandoned.Dispose();
}

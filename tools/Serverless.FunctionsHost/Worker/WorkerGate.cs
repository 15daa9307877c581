using Serverless.FunctionsHost.Rpc;

namespace Serverless.FunctionsHost.Worker;

/// <summary>Where callers get the worker from: at once while one is ready, else they wait for the next.</summary>
internal sealed class WorkerGate(TimeProvider time)
{
    private volatile TaskCompletionSource<WorkerSession> _next = NewSource();
    private volatile WorkerSession? _current;

    public WorkerSession? Current => _current is { Channel.Closed.IsCancellationRequested: false } session ? session : null;

    public ValueTask<WorkerSession> WaitAsync(CancellationToken cancellationToken) =>
        Current is { } session ? ValueTask.FromResult(session) : new(WaitForOpenAsync(cancellationToken));

    /// <summary>As <see cref="WaitAsync(CancellationToken)"/>, but fails with <see cref="WorkerLostException"/> after the bound.</summary>
    public ValueTask<WorkerSession> WaitAsync(TimeSpan bound, CancellationToken cancellationToken) =>
        Current is { } session ? ValueTask.FromResult(session) : new(WaitBoundedAsync(bound, cancellationToken));

    public void Open(WorkerSession session)
    {
        _current = session;
        _next.TrySetResult(session);
    }

    public void Shut()
    {
        _current = null;
        if (_next.Task.IsCompleted) _next = NewSource();
    }

    private async Task<WorkerSession> WaitForOpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = _next.Task;
            var session = await next.WaitAsync(cancellationToken);
            if (!session.Channel.Closed.IsCancellationRequested) return session;

            // Its stream broke and the supervisor has yet to see it: it shuts the gate within moments.
            await Task.Delay(TimeSpan.FromMilliseconds(5), time, cancellationToken);
        }
    }

    private async Task<WorkerSession> WaitBoundedAsync(TimeSpan bound, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(bound, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await WaitForOpenAsync(linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new WorkerLostException("No worker became ready in time.");
        }
    }

    private static TaskCompletionSource<WorkerSession> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

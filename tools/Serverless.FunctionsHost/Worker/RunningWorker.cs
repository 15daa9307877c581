using Google.Protobuf.WellKnownTypes;
using Serverless.FunctionsHost.Rpc.Messages;

namespace Serverless.FunctionsHost.Worker;

/// <summary>A ready worker and its process.</summary>
internal sealed class RunningWorker(WorkerProcess process, WorkerSession session, TimeProvider time) : IDisposable
{
    // A worker whose stream is gone cannot be called; it gets this long to end by itself, for its exit code's sake.
    private static readonly TimeSpan ExitGrace = TimeSpan.FromSeconds(5);

    private readonly long _readySince = time.GetTimestamp();

    public WorkerProcess Process { get; } = process;

    public WorkerSession Session { get; } = session;

    public TimeSpan ReadyFor { get; private set; }

    /// <summary>Returns the exit code once the process has ended, or was ended because its stream had closed.</summary>
    public async Task<int> WaitForEndAsync()
    {
        var streamClosed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = Session.Channel.Closed.Register(() => streamClosed.TrySetResult());
        await Task.WhenAny(Process.Exited, streamClosed.Task);
        ReadyFor = time.GetElapsedTime(_readySince);
        Session.Channel.Close();
        return await EndAsync(ExitGrace);
    }

    /// <summary>Asks the worker to stop, and ends it when it does not within the time.</summary>
    public async Task TerminateAsync(TimeSpan grace)
    {
        var message = new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(grace) } };
        try
        {
            await Session.Channel.SendAsync(message, Session.Channel.Closed);
        }
        catch (Exception e) when (e is OperationCanceledException or Rpc.WorkerLostException)
        {
            // It is gone already.
        }

        await EndAsync(grace);
    }

    public void Dispose() => Session.Dispose();

    private async Task<int> EndAsync(TimeSpan grace)
    {
        try
        {
            return await Process.Exited.WaitAsync(grace, time);
        }
        catch (TimeoutException)
        {
            Process.Kill();
            return await Process.Exited;
        }
    }
}

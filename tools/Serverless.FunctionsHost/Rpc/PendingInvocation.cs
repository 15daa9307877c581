using Serverless.FunctionsHost.Rpc.Messages;

namespace Serverless.FunctionsHost.Rpc;

/// <summary>One call that a worker has been asked to run and has not answered yet.</summary>
internal sealed class PendingInvocation(WorkerChannel channel, string id)
    : TaskCompletionSource<InvocationResponse>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public string Id { get; } = id;

    /// <summary>Asks the worker to cancel the call; it still answers, in its own time.</summary>
    public void Cancel() => channel.Cancel(this);

    /// <summary>Stops waiting for the answer: a late one is dropped.</summary>
    public void Forget() => channel.Forget(this);
}

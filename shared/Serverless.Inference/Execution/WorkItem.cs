using Serverless.Inference.Tensors;

namespace Serverless.Inference.Execution;

/// <summary>One run in a model's queue. It owns its inputs until they have been run or dropped.</summary>
internal sealed class WorkItem(
    IReadOnlyList<BufferTensor> inputs, IReadOnlyList<string> outputs, long enqueuedAt, CancellationToken cancellation)
{
    private readonly TaskCompletionSource<RunOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<BufferTensor> Inputs => inputs;

    public IReadOnlyList<string> Outputs => outputs;

    public long EnqueuedAt => enqueuedAt;

    public CancellationToken Cancellation => cancellation;

    public Task<RunOutcome> Completion => _completion.Task;

    public void Complete(RunOutcome outcome) => _completion.TrySetResult(outcome);

    public void Drop() => _completion.TrySetCanceled(cancellation);

    public void Fail(Exception error) => _completion.TrySetException(error);

    public void ReleaseInputs()
    {
        foreach (var input in inputs)
            input.Dispose();
    }
}

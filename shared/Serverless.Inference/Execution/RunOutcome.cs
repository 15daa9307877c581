using Serverless.Inference.Tensors;

namespace Serverless.Inference.Execution;

/// <summary>What a run gave. Disposing it gives the outputs' memory back.</summary>
/// <param name="Outputs">The outputs asked for, in the order asked.</param>
/// <param name="Queue">How long the work waited.</param>
/// <param name="Run">How long the graph ran.</param>
public sealed record RunOutcome(IReadOnlyList<Tensor> Outputs, TimeSpan Queue, TimeSpan Run) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var output in Outputs)
            output.Dispose();
    }
}

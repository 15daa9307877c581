using Serverless.Inference.Tensors;

namespace Serverless.Inference.Execution;

/// <summary>
/// What a run gave. Disposing it gives the outputs' memory back; it may be a part of the memory of a whole batch, and stays valid until
/// then.
/// </summary>
/// <param name="Outputs">The outputs asked for, in the order asked.</param>
/// <param name="Queue">How long the work waited.</param>
/// <param name="Run">How long the graph ran, for everything that ran together.</param>
/// <param name="Rows">How many rows ran together, those of other requests included; 0 when the answer came from the response cache.</param>
public sealed record RunOutcome(IReadOnlyList<Tensor> Outputs, TimeSpan Queue, TimeSpan Run, int Rows) : IDisposable
{
    /// <summary>The request's own share of <see cref="Run"/>; none when the answer came from the response cache.</summary>
    public TimeSpan Device { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var output in Outputs)
            output.Dispose();
    }
}

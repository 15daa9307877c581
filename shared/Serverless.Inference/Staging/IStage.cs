using Serverless.Inference.Execution;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Staging;

/// <summary>A stage of a partitioned model, wherever it runs.</summary>
public interface IStage
{
    /// <summary>Runs it. <paramref name="inputs"/> belong to the run from the call on, whatever comes of it.</summary>
    /// <exception cref="Serverless.Contracts.Errors.InferenceException">
    /// It cannot be reached or is overloaded, the deadline cannot be kept, or it cannot run on these inputs.
    /// </exception>
    ValueTask<RunOutcome> RunAsync(
        IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs, RunTerms terms, CancellationToken cancellationToken);
}

using Serverless.Inference.Execution;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Staging;

/// <summary>The stage that is the model's own package.</summary>
internal sealed class FirstStage(ModelInstance instance) : IStage
{
    public ValueTask<RunOutcome> RunAsync(
        IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs, RunTerms terms, CancellationToken cancellationToken) =>
        instance.RunAsync([.. inputs.Select(BufferTensor.Of)], outputs, terms, cancellationToken);
}

using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Staging;

/// <summary>A later stage that this process serves: a version like any other, loaded on first use, with a queue and batches of its own.</summary>
internal sealed class LocalStage(ModelRegistry registry, ModelReference package) : IStage
{
    public ModelReference Package => package;

    public async ValueTask<RunOutcome> RunAsync(
        IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs, RunTerms terms, CancellationToken cancellationToken)
    {
        ModelLease? lease = null;
        try
        {
            lease = await HoldAsync(cancellationToken);
            return await lease.RunAsync([.. inputs.Select(BufferTensor.Of)], outputs, terms, cancellationToken);
        }
        finally
        {
            if (lease is null)
                Release(inputs);
            lease?.Dispose();
        }
    }

    private static void Release(IReadOnlyList<Tensor> inputs)
    {
        foreach (var input in inputs)
            input.Dispose();
    }

    private async ValueTask<ModelLease> HoldAsync(CancellationToken cancellationToken)
    {
        try
        {
            var lease = registry.TryAcquire(package) ?? await registry.AcquireAsync(package, cancellationToken);
            if (lease.Manifest.Stages is null)
                return lease;
            lease.Dispose();
            throw new InferenceException(ErrorKind.ModelUnavailable, $"The stage {package} is in stages itself, which no stage may be.", "model");
        }
        catch (InferenceException error) when (error.Error.Kind == ErrorKind.ModelNotFound)
        {
            // The model that was asked for does exist.
            throw new InferenceException(
                ErrorKind.ModelUnavailable,
                $"The stage {package} is not in the store: it was deleted, and the model cannot run without it.",
                "model",
                error);
        }
    }
}

using Serverless.Inference.Embeddings;
using Serverless.Inference.Execution;
using Serverless.Inference.Onnx;
using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Lifecycle;

/// <summary>A loaded model, held for one request until disposed.</summary>
public sealed class ModelLease : IDisposable
{
    private LoadedModel? _model;

    internal ModelLease(LoadedModel model, FailedVersion? failed)
    {
        _model = model;
        FailedVersion = failed;
    }

    /// <summary>The model's manifest.</summary>
    public ModelManifest Manifest => Model.Manifest;

    /// <summary>Inputs and outputs as the session has them.</summary>
    public OnnxSignature Signature => Model.Signature;

    /// <summary>A newer version that could not be loaded, if one could not.</summary>
    public FailedVersion? FailedVersion { get; }

    /// <summary>What turns texts into vectors, if the model is a text embedder.</summary>
    public TextEmbedder? Embedder => Model.Embedder;

    /// <summary>Where the time of the load went.</summary>
    public LoadTimings LoadTimings => Model.Timings;

    private LoadedModel Model => _model ?? throw new ObjectDisposedException(nameof(ModelLease));

    /// <summary>Runs the model. <paramref name="inputs"/> belong to the run from the call on, whatever comes of it.</summary>
    /// <exception cref="Serverless.Contracts.Errors.InferenceException">
    /// The queue is full, the deadline cannot be kept, or the graph cannot run on these inputs.
    /// </exception>
    public ValueTask<RunOutcome> RunAsync(
        IReadOnlyList<BufferTensor> inputs, IReadOnlyList<string> outputs, RunTerms terms, CancellationToken cancellationToken) =>
        new(Model.Instance.RunAsync(inputs, outputs, terms, cancellationToken));

    /// <summary>Where the time of the load went, for the first answer that asks; null for all others.</summary>
    public LoadTimings? TakeLoadTimings() => Model.TakeLoadTimings();

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _model, null)?.Release();
}

using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Embeddings;
using Serverless.Inference.Execution;
using Serverless.Inference.Execution.Statistics;
using Serverless.Inference.Generation;
using Serverless.Inference.Onnx;
using Serverless.Inference.Shadowing;
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

    /// <summary>Inputs and outputs as the session has them; of a model in stages, those of the whole.</summary>
    public OnnxSignature Signature => Model.Signature;

    /// <summary>The version as metrics tell it: of a model with very many, some are one series.</summary>
    public string VersionLabel => Model.VersionLabel;

    /// <summary>The version in digits.</summary>
    public string VersionText => Model.VersionText;

    /// <summary>A version that should answer and could not be loaded, if one could not.</summary>
    public FailedVersion? FailedVersion { get; }

    /// <summary>What turns texts into vectors, if the model is a text embedder.</summary>
    public TextEmbedder? Embedder => Model.Embedder;

    /// <summary>What continues texts, if the model is a decoder with its tokenizer.</summary>
    public TextGenerator? Generator => Model.Generator;

    /// <summary>Where the time of the load went.</summary>
    public LoadTimings LoadTimings => Model.Timings;

    /// <summary>What runs the request on another version too, if it was chosen.</summary>
    internal ShadowSample? Shadow { get; init; }

    /// <summary>The stages of the model that this process serves, beside the first.</summary>
    internal IEnumerable<ModelReference> LocalStages => Model.Stages?.Local ?? [];

    private LoadedModel Model => _model ?? throw new ObjectDisposedException(nameof(ModelLease));

    /// <summary>Runs the model. <paramref name="inputs"/> belong to the run from the call on, whatever comes of it.</summary>
    /// <exception cref="Serverless.Contracts.Errors.InferenceException">
    /// The queue is full, the deadline cannot be kept, or the graph cannot run on these inputs.
    /// </exception>
    public ValueTask<RunOutcome> RunAsync(
        IReadOnlyList<BufferTensor> inputs, IReadOnlyList<string> outputs, RunTerms terms, CancellationToken cancellationToken) =>
        IsDecoder ? RefuseDecoder(inputs)
        : Shadow is { } shadow ? shadow.RunAsync(Model, inputs, outputs, terms, cancellationToken)
        : Model.RunAsync(inputs, outputs, terms, cancellationToken);

    /// <summary>
    /// Refuses at once what would be refused after its body was read. Reading costs a part of what running does, and under overload that
    /// part is taken from those who can still be served.
    /// </summary>
    /// <exception cref="Serverless.Contracts.Errors.InferenceException">The queue is full, or the deadline cannot be kept.</exception>
    public void ThrowIfOverloaded(RunTerms terms)
    {
        if (Model.Generator is { } generator)
            generator.ThrowIfOverloaded();
        else
            Model.Instance.ThrowIfOverloaded(terms);
    }

    /// <summary>What the model has done since it was loaded.</summary>
    public ModelStatistics Statistics => Model.Instance.Statistics;

    /// <summary>How the model is served.</summary>
    public ServingSettings Settings => Model.Instance.Settings;

    /// <summary>The most rows that were proved to run together when the model was pushed; 1 when none were.</summary>
    public int ProvedBatch => Model.Instance.Plan.MaxRows;

    /// <summary>Where the time of the load went, for the first answer that asks; null for all others.</summary>
    public LoadTimings? TakeLoadTimings() => Model.TakeLoadTimings();

    private bool IsDecoder => Model.Manifest.Decoder is not null;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _model, null)?.Release();

    // Decoders' kernels believe what masks and lengths say, and would read and write where a caller's tensors have no memory.
    private ValueTask<RunOutcome> RefuseDecoder(IReadOnlyList<BufferTensor> inputs)
    {
        foreach (var input in inputs)
            input.Dispose();
        return ValueTask.FromException<RunOutcome>(new InferenceException(
            ErrorKind.InvalidRequest,
            $"Model {Manifest.Name} generates text and takes no plain tensors: use /v1/completions, /v1/chat/completions or "
            + $"/v2/models/{Manifest.Name}/generate.",
            "model"));
    }
}

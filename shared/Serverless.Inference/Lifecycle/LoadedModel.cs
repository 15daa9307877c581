using System.Globalization;
using Serverless.Inference.Embeddings;
using Serverless.Inference.Execution;
using Serverless.Inference.Generation;
using Serverless.Inference.Onnx;
using Serverless.Inference.Staging;
using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Lifecycle;

/// <summary>A model version in memory. It goes when its slot has let go of it and the last request has left.</summary>
internal sealed class LoadedModel(ModelManifest manifest, ModelInstance instance, TextEmbedder? embedder, LoadTimings timings)
{
    private LoadTimings? _firstTimings = timings;
    private int _holders = 1;

    public ModelManifest Manifest => manifest;

    public ModelInstance Instance => instance;

    /// <summary>Where the time of the load went.</summary>
    public LoadTimings Timings { get; } = timings;

    public TextEmbedder? Embedder => embedder;

    /// <summary>What continues texts, if the model is a decoder.</summary>
    public DecoderTextGenerator? Generator { get; init; }

    /// <summary>The stages that it runs in; null for a model that is one graph.</summary>
    public StageChain? Stages { get; set; }

    public OnnxSignature Signature => Stages?.Signature ?? instance.Signature;

    /// <summary>Completes when it is gone.</summary>
    public Task Gone => instance.Ended;

    /// <summary>Completes when its package is in the local cache, where that is wanted.</summary>
    public Task Kept { get; init; } = Task.CompletedTask;

    /// <summary>The version, as answers tell it.</summary>
    public string VersionText { get; } = manifest.Version.ToString(CultureInfo.InvariantCulture);

    /// <summary>The version, as metrics tell it.</summary>
    public required string VersionLabel { get; init; }

    /// <summary>The memory that it was let in with.</summary>
    public RoomTicket? Ticket { get; set; }

    /// <summary>Called when a request has left it.</summary>
    public Action? Left { get; set; }

    /// <summary>Whether a request holds it.</summary>
    public bool IsInUse => Volatile.Read(ref _holders) > 1;

    /// <summary>Runs the whole of it. <paramref name="inputs"/> belong to the run from the call on, whatever comes of it.</summary>
    /// <exception cref="Serverless.Contracts.Errors.InferenceException">
    /// A queue is full, the deadline cannot be kept, or a graph cannot run on these inputs.
    /// </exception>
    public ValueTask<RunOutcome> RunAsync(
        IReadOnlyList<BufferTensor> inputs, IReadOnlyList<string> outputs, RunTerms terms, CancellationToken cancellationToken) =>
        Stages is { } stages
            ? stages.RunAsync(inputs, outputs, terms, cancellationToken)
            : instance.RunAsync(inputs, outputs, terms, cancellationToken);

    // Every request comes by here twice, from every core: no lock, which would make them wait for each other.
    public bool TryHold()
    {
        var holders = Volatile.Read(ref _holders);
        while (holders > 0)
        {
            var seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
                return true;
            holders = seen;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            _ = EndAsync();
        Left?.Invoke();
    }

    /// <summary>The load's timings for the first answer that asks, null for all others.</summary>
    public LoadTimings? TakeLoadTimings() => Interlocked.Exchange(ref _firstTimings, null);

    // The generator runs on the instance's session.
    private async Task EndAsync()
    {
        if (Generator is { } generator)
        {
            generator.Dispose();
            await generator.Ended;
        }

        instance.Dispose();
    }
}

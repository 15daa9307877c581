using Serverless.Models.Codecs;
using Serverless.Models.Manifest;

namespace Serverless.Models.Publishing;

/// <summary>A model to publish.</summary>
/// <param name="Name">Its name.</param>
/// <param name="GraphFile">Local path of the optimised graph without weights.</param>
public sealed record PackageDraft(string Name, string GraphFile)
{
    /// <summary>
    /// Local path of the raw weights: byte n of this file is byte n of the decoded weights. Null for a graph without initializers.
    /// </summary>
    public string? WeightsFile { get; init; }

    /// <summary>What lies where in <see cref="WeightsFile"/>; <see cref="WeightLayout"/> says where best.</summary>
    public IReadOnlyList<WeightTensor> Weights { get; init; } = [];

    /// <summary>Other files: path in the package → local file.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>The graph's inputs.</summary>
    public IReadOnlyList<TensorSignature> Inputs { get; init; } = [];

    /// <summary>The graph's outputs.</summary>
    public IReadOnlyList<TensorSignature> Outputs { get; init; } = [];

    /// <summary>One of <see cref="ModelTasks"/>, or null.</summary>
    public string? Task { get; init; }

    /// <summary>Free text pairs, see <see cref="ModelLabels"/>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>What the graph was optimised for.</summary>
    public OptimizationRecord? Optimization { get; init; }

    /// <summary>What was proved about batching.</summary>
    public BatchingRecord? Batching { get; init; }

    /// <summary>How it generates text; needed for <see cref="ModelTasks.TextGeneration"/>.</summary>
    public DecoderRecord? Decoder { get; init; }

    /// <summary>How it was made from another version; null for one that was handed in.</summary>
    public LineageRecord? Lineage { get; init; }

    /// <summary>The stages, of which the graph is the first; null for a model that is one graph.</summary>
    public IReadOnlyList<StageRecord>? Stages { get; init; }

    /// <summary>Memory that a session takes, in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>How chunks may be stored.</summary>
    public CodecPolicy Codecs { get; init; } = new();
}

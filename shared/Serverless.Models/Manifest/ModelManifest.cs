using System.Text.Json.Serialization;

namespace Serverless.Models.Manifest;

/// <summary>
/// What is known of one version of a model without opening it: <c>model.json</c>, stored as <c>{name}/versions/{version}.json</c>.
/// Immutable once published. (Generated serializers do not run initialisers for what is missing, so nothing that must not be null may be.)
/// </summary>
public sealed record ModelManifest
{
    /// <summary>The format of a model that is one graph.</summary>
    public const int CurrentFormat = 2;

    /// <summary>
    /// The format of a model in stages. Code from before there were any would take the first stage for the whole, and refuses this.
    /// </summary>
    public const int StagedFormat = 3;

    /// <summary>
    /// SHA-256 of the manifest's own bytes with these 64 digits replaced by zeros; set when it is published and checked when it is read.
    /// </summary>
    [JsonRequired]
    public string Digest { get; init; } = new('0', 64);

    /// <summary>Version of the manifest's own format, <see cref="CurrentFormat"/> or <see cref="StagedFormat"/>.</summary>
    [JsonRequired]
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The version, a whole number from 1 assigned when it was published.</summary>
    [JsonRequired]
    public int Version { get; init; }

    /// <summary>When it was published.</summary>
    [JsonRequired]
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>What the model does: one of <see cref="ModelTasks"/>, or null when nobody said.</summary>
    public string? Task { get; init; }

    /// <summary>The optimised graph without its weights; of a model in stages that of the first.</summary>
    public required ModelFile Graph { get; init; }

    /// <summary>Other files, such as a vocabulary.</summary>
    [JsonRequired]
    public IReadOnlyList<ModelFile> Files { get; init; } = [];

    /// <summary>The model's inputs.</summary>
    [JsonRequired]
    public IReadOnlyList<TensorSignature> Inputs { get; init; } = [];

    /// <summary>The model's outputs.</summary>
    [JsonRequired]
    public IReadOnlyList<TensorSignature> Outputs { get; init; } = [];

    /// <summary>Free text pairs; see <see cref="ModelLabels"/> for those that the platform reads.</summary>
    [JsonRequired]
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>What the graph was optimised for; null when it was not.</summary>
    public OptimizationRecord? Optimization { get; init; }

    /// <summary>What was proved about batching; null when nothing was.</summary>
    public BatchingRecord? Batching { get; init; }

    /// <summary>How the graph generates text; null where it does not.</summary>
    public DecoderRecord? Decoder { get; init; }

    /// <summary>How it was made from another version; null for one that was handed in.</summary>
    public LineageRecord? Lineage { get; init; }

    /// <summary>The stages that it runs in, one after another; null for a model that is one graph.</summary>
    public IReadOnlyList<StageRecord>? Stages { get; init; }

    /// <summary>Memory that a session took when it was pushed, in bytes; null when nobody measured.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The initializers, by offset.</summary>
    [JsonRequired]
    public IReadOnlyList<WeightTensor> Weights { get; init; } = [];

    /// <summary>The weights in runs of about 8 MiB, in order and without gaps.</summary>
    [JsonRequired]
    public IReadOnlyList<WeightChunk> Chunks { get; init; } = [];

    /// <summary>Size of the decoded weights in bytes.</summary>
    [JsonIgnore]
    public long WeightsSize => Chunks.Count == 0 ? 0 : Chunks[^1].Offset + Chunks[^1].Size;

    /// <summary>Size of everything once decoded, in bytes.</summary>
    [JsonIgnore]
    public long TotalSize => Contents().Sum(content => content.Size);

    /// <summary>Size of everything as stored, in bytes.</summary>
    [JsonIgnore]
    public long TotalStoredSize => Contents().Sum(content => content.StoredSize);

    /// <summary>Where the look-up tables begin that end the weights: a session can be built once everything before is there.</summary>
    [JsonIgnore]
    public long LookupsOffset => Weights.Reverse().TakeWhile(tensor => tensor.Lookup).LastOrDefault()?.Offset ?? WeightsSize;

    /// <summary>The graph, the files and the chunks.</summary>
    public IEnumerable<StoredContent> Contents() => Files.Prepend<StoredContent>(Graph).Concat(Chunks);
}

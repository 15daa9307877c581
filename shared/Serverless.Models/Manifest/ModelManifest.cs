namespace Serverless.Models.Manifest;

/// <summary>
/// What is known of one version of a model without opening it: <c>model.json</c>, stored as <c>{name}/versions/{version}.json</c>.
/// Immutable once published.
/// </summary>
public sealed record ModelManifest
{
    /// <summary>The format that this code writes; a manifest with a higher number is refused.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Version of the manifest's own format, see <see cref="CurrentFormat"/>.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The version, a whole number from 1 assigned when it was published.</summary>
    public int Version { get; init; }

    /// <summary>When it was published.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>What the model does: one of <see cref="ModelTasks"/>, or null when nobody said.</summary>
    public string? Task { get; init; }

    /// <summary>The files of the package; exactly one of them ends in <c>.onnx</c>.</summary>
    public required IReadOnlyList<ModelFile> Files { get; init; }

    /// <summary>The graph's inputs.</summary>
    public IReadOnlyList<TensorSignature> Inputs { get; init; } = [];

    /// <summary>The graph's outputs.</summary>
    public IReadOnlyList<TensorSignature> Outputs { get; init; } = [];

    /// <summary>Free text pairs; see <see cref="ModelLabels"/> for those that the platform reads.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The file that holds the graph.</summary>
    public ModelFile Graph() => Files.First(file => file.IsGraph);
}

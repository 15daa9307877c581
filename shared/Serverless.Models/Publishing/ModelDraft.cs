using Serverless.Models.Manifest;

namespace Serverless.Models.Publishing;

/// <summary>A model to publish.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Files">Path in the package → local file; exactly one path ends in <c>.onnx</c>.</param>
public sealed record ModelDraft(string Name, IReadOnlyDictionary<string, string> Files)
{
    /// <summary>The graph's inputs.</summary>
    public IReadOnlyList<TensorSignature> Inputs { get; init; } = [];

    /// <summary>The graph's outputs.</summary>
    public IReadOnlyList<TensorSignature> Outputs { get; init; } = [];

    /// <summary>One of <see cref="ModelTasks"/>, or null.</summary>
    public string? Task { get; init; }

    /// <summary>Free text pairs, see <see cref="ModelLabels"/>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

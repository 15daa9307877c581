using Serverless.Inference.Onnx.Preparation;

namespace Serverless.Optimization.Partitioning;

/// <summary>A partitioned model to publish.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Graph">The file that it was cut from.</param>
public sealed record StagedDraft(string Name, string Graph)
{
    /// <summary>How its stages are prepared; the task is that of the whole.</summary>
    public PreparationOptions Options { get; init; } = new();

    /// <summary>Other local files, which go with the first stage.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Names of the workers that serve a stage, by its number from 2 on; the others are served where the model is.</summary>
    public IReadOnlyDictionary<int, string> Places { get; init; } = new Dictionary<int, string>();
}

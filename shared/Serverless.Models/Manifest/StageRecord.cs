namespace Serverless.Models.Manifest;

/// <summary>A stage of a partitioned model. Values go from stage to stage by name.</summary>
/// <param name="MaxBatch">The most rows that were proved to run together in it; 1 when none were.</param>
/// <param name="Inputs">What it takes: inputs of the model, and values of earlier stages.</param>
/// <param name="Outputs">What it gives: outputs of the model, and values for later stages.</param>
public sealed record StageRecord(int MaxBatch, IReadOnlyList<TensorSignature> Inputs, IReadOnlyList<TensorSignature> Outputs)
{
    /// <summary>
    /// The version that holds it, as <c>name:version</c>; null for the first stage, which is the graph of the model's own package.
    /// </summary>
    public string? Package { get; init; }

    /// <summary>
    /// The name of the workers that serve it; null for those that serve the model. Workers that know no address for the name serve it
    /// themselves.
    /// </summary>
    public string? Place { get; init; }
}

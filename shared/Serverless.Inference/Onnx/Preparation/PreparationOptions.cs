using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>How a graph is prepared.</summary>
public sealed record PreparationOptions
{
    /// <summary>
    /// The execution provider that the graph is optimised for, <c>cpu</c> unless set. Null leaves the optimising to whoever loads it, which
    /// suits every provider and takes longer.
    /// </summary>
    public string? Provider { get; init; } = "cpu";

    /// <summary>
    /// Whether convolutions may take the layout of this machine's processor. It saves the work at each load and binds the package to
    /// processors like this one; false unless set.
    /// </summary>
    public bool BindToProcessor { get; init; }

    /// <summary>One of <see cref="ModelTasks"/>, or null; a text embedder is proved on padded rows.</summary>
    public string? Task { get; init; }

    /// <summary>The most rows that are proved to run together; 1 proves nothing. 32 unless set.</summary>
    public int MaxBatch { get; init; } = 32;

    /// <summary>Rows of real inputs for the proof, beside random ones.</summary>
    public IReadOnlyList<SampleRow> Samples { get; init; } = [];
}

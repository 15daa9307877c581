using Serverless.Inference.Onnx.Preparation;

namespace Serverless.Optimization.Evaluation;

/// <summary>What models are compared on.</summary>
public sealed record ReferenceInputs
{
    /// <summary>Texts, for models that take texts.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>Rows of tensors, for the others. Where there are none, rows are made up.</summary>
    public IReadOnlyList<SampleRow> Rows { get; init; } = [];
}

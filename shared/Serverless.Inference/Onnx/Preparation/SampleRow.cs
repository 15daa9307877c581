namespace Serverless.Inference.Onnx.Preparation;

/// <summary>Inputs of a run of one row.</summary>
public sealed record SampleRow(IReadOnlyList<SampleInput> Inputs);

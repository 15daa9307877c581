namespace Serverless.Models.Manifest;

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Datatype">Open Inference Protocol datatype, such as <c>FP32</c>; BFloat16 is <c>BF16</c>.</param>
/// <param name="Shape">Its dimensions; -1 where any size is taken. A scalar has none.</param>
public sealed record TensorSignature(string Name, string Datatype, IReadOnlyList<long> Shape);

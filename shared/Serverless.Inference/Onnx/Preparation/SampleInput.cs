using System.Diagnostics.CodeAnalysis;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>One input of a run on its own.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Datatype">Its elements' type; not <see cref="TensorDatatype.Bytes"/>.</param>
/// <param name="Shape">Its dimensions, the first of which is 1 where there can be several rows.</param>
/// <param name="Data">Its elements, row-major and little-endian.</param>
[SuppressMessage("Performance", "CA1819:Properties should not return arrays", Justification = "Plain data of a test run.")]
public sealed record SampleInput(string Name, TensorDatatype Datatype, IReadOnlyList<long> Shape, byte[] Data);

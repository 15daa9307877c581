using Serverless.Inference.Tensors;

namespace Serverless.Worker.OpenInference;

/// <summary>An input whose bytes follow the JSON.</summary>
/// <param name="Index">Its place among the request's inputs.</param>
/// <param name="Name">The input's name.</param>
/// <param name="Datatype">Its elements' type.</param>
/// <param name="Shape">Its shape, which fits the model.</param>
/// <param name="Count">Elements of that shape.</param>
/// <param name="Size">How many bytes it has; what the shape wants, except for <see cref="TensorDatatype.Bytes"/>.</param>
internal sealed record BinaryInput(int Index, string Name, TensorDatatype Datatype, long[] Shape, long Count, int Size);

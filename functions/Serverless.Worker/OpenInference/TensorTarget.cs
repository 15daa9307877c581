using Serverless.Inference.Tensors;

namespace Serverless.Worker.OpenInference;

/// <summary>What data in JSON must become.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Datatype">Its elements' type.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Count">Elements of that shape.</param>
/// <param name="JsonBytes">How many bytes of JSON the data has at most.</param>
internal sealed record TensorTarget(string Name, TensorDatatype Datatype, long[] Shape, long Count, long JsonBytes)
{
    /// <summary>For messages: <c>Input 'x' of shape [2,3]</c>.</summary>
    public string Title => $"Input '{Name}' of shape {TensorShape.Format(Shape)}";
}

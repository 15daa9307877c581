using System.Text.Json.Serialization;

namespace Serverless.Models.Manifest;

/// <summary>One initializer of the graph.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="ElementType">ONNX's lower-case name of its element type: <c>float</c>, <c>float16</c>, <c>int64</c>, <c>uint8</c> …</param>
/// <param name="Shape">Its dimensions; none for a scalar.</param>
/// <param name="Offset">Where it begins in the decoded weights, a multiple of <see cref="Alignment"/>.</param>
/// <param name="Length">Its size in bytes.</param>
public sealed record WeightTensor(string Name, string ElementType, IReadOnlyList<long> Shape, long Offset, long Length)
{
    /// <summary>Kernels read aligned vectors: weights that are not on 64 bytes run 7 % slower.</summary>
    public const int Alignment = 64;

    /// <summary>
    /// Whether the graph does nothing but look rows of it up, as of a table of embeddings: a session can be built before its bytes are there.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Lookup { get; init; }
}

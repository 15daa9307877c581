using Onnx;

namespace Serverless.Optimization.Passes;

/// <summary>Operators that may compute in half precision.</summary>
internal static class HalfOperators
{
    private static readonly int[] First = [0];

    private static readonly HashSet<string> Products = ["MatMul", "Gemm", "Conv", "ConvTranspose", "FusedMatMul"];

    private static readonly HashSet<string> OfAllInputs =
    [
        .. Products, "Add", "Sub", "Mul", "Div", "Neg", "Relu", "LeakyRelu", "Tanh", "Sigmoid", "Erf", "Gelu", "Clip", "Identity", "Concat",
        "Transpose", "Flatten", "MaxPool", "AveragePool", "GlobalAveragePool", "BatchNormalization",
    ];

    // The other inputs are shapes, axes and conditions.
    private static readonly Dictionary<string, int[]> OfSome = new(StringComparer.Ordinal)
    {
        ["Reshape"] = First,
        ["Squeeze"] = First,
        ["Unsqueeze"] = First,
        ["Expand"] = First,
        ["Slice"] = First,
        ["Split"] = First,
        ["Gather"] = First,
        ["Pad"] = [0, 2],
        ["Where"] = [1, 2],
    };

    /// <summary>Whether it multiplies matrices: the work that half precision is there for.</summary>
    public static bool IsProduct(NodeProto node) => Products.Contains(node.OpType);

    /// <summary>Whether it only looks at shapes.</summary>
    public static bool TakesAnyType(NodeProto node) => node.OpType is "Shape" or "Size";

    /// <summary>Inputs that have the type of its outputs; null where it must compute in floats, or is not known.</summary>
    public static List<int>? FloatInputsOf(NodeProto node)
    {
        // A second output would be indices or statistics.
        if (node.Output.Count != 1 && node.OpType != "Split")
            return null;
        IEnumerable<int>? inputs = OfAllInputs.Contains(node.OpType)
            ? Enumerable.Range(0, node.Input.Count)
            : OfSome.GetValueOrDefault(node.OpType);
        return inputs?.Where(input => input < node.Input.Count && node.Input[input].Length > 0).ToList();
    }
}

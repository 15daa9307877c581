using Onnx;
using Serverless.Optimization.Graphs;

namespace Serverless.Optimization.Passes;

/// <summary>Finds along which axis a weight has channels that each can have a scale of their own.</summary>
internal static class WeightChannels
{
    /// <returns>False where a node reads the weight that is not known, or two want different axes.</returns>
    public static bool TryFind(TensorProto tensor, IReadOnlyList<WeightUse> uses, out int axis)
    {
        axis = -1;
        foreach (var use in uses)
        {
            if (AxisOf(tensor, use) is not { } found || (axis >= 0 && axis != found))
                return false;
            axis = found;
        }

        return axis >= 0;
    }

    private static int? AxisOf(TensorProto tensor, WeightUse use) => use switch
    {
        { Input: 1, Node.OpType: "Conv" } => 0,
        { Input: 1, Node.OpType: "Gemm" } => use.Node.Number("transB", 0) != 0 ? 0 : 1,
        { Input: 1, Node.OpType: "MatMul" } when tensor.Dims.Count == 2 => 1,
        { Input: 1, Node.OpType: "FusedMatMul" } when tensor.Dims.Count == 2 => use.Node.Number("transB", 0) != 0 ? 0 : 1,
        { Input: 1, Node.OpType: "Attention" } when tensor.Dims.Count == 2 => 1,
        // A head that is the embedding turned: an output is a row of it, as an entry is.
        { Input: 0, Node.OpType: "Transpose" } when tensor.Dims.Count == 2 => 0,
        // Of a scale for each row, one number more is looked up beside the row.
        { Input: 0, Node.OpType: "Gather" } when tensor.Dims.Count == 2 && use.Node.Number("axis", 0) == 0 => 0,
        _ => null,
    };
}

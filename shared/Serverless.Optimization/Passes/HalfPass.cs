using System.Globalization;
using Onnx;
using Serverless.Inference.Onnx;
using Serverless.Optimization.Graphs;
using static Onnx.TensorProto.Types;

namespace Serverless.Optimization.Passes;

/// <summary>
/// Stores weights in half precision and computes in it: products by a weight always, element by element operators where all that they read
/// is in halves already. Sums over many numbers, exponentials and norms stay in floats, and with them what is added to their outputs; so do
/// inputs and outputs of the graph, and operators with a constant that halves cannot hold, such as a mask of -3.4e38 or an epsilon.
/// </summary>
internal sealed class HalfPass(bool embeddings, long min) : IOptimizationPass
{
    public string Apply(ModelGraph model)
    {
        ConstantNodes.ToInitializers(model.Graph);
        var values = new HalfValues(model);
        var (changed, all) = (0, model.Graph.Node.Count);
        foreach (var node in model.Graph.Node.ToList())
        {
            if (InputsToTake(node, values) is { } inputs)
            {
                values.Take(node, inputs);
                changed++;
            }
            else
            {
                values.Restore(node);
            }
        }

        values.RestoreOutputs();
        return changed > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{changed} of {all} operators compute in half precision, behind {values.Casts} casts")
            : throw new ModelRefusedException(
                $"fp16 takes float weights of MatMul, Gemm, Conv or Gather with at least {min} numbers, and it has none");
    }

    // Which of the node's inputs become halves; null where it stays in floats.
    private List<int>? InputsToTake(NodeProto node, HalfValues values)
    {
        if (HalfOperators.FloatInputsOf(node) is not { } inputs)
            return null;
        var constants = inputs.Where(input => values.WeightOf(node.Input[input]) is not null).ToList();
        if (constants.Any(input => !values.CanHold(node.Input[input])))
            return null;
        var isWorthIt = HalfOperators.IsProduct(node)
            ? inputs.Any(input => values.IsHalf(node.Input[input])) || constants.Exists(input => IsLarge(node, input, values))
            : IsTable(node, values) || (constants.Count < inputs.Count && inputs.Except(constants).All(input => values.IsHalf(node.Input[input])));
        return isWorthIt ? inputs : null;
    }

    // One that is turned is a head, and one that is the head too is stored once.
    private bool IsTable(NodeProto node, HalfValues values) =>
        ((embeddings && node.OpType == "Gather") || node.OpType == "Transpose") && IsLarge(node, 0, values);

    private bool IsLarge(NodeProto node, int input, HalfValues values) =>
        values.WeightOf(node.Input[input]) is { } tensor && (DataType)tensor.DataType == DataType.Float && Tensors.Count(tensor) >= min;
}

using Onnx;
using Serverless.Optimization.Graphs;
using static Onnx.TensorProto.Types;
using static Serverless.Optimization.Graphs.Operators;

namespace Serverless.Optimization.Passes;

/// <summary>Restores weights that are stored as whole numbers with a scale for each channel.</summary>
internal static class ChannelRestore
{
    // DequantizeLinear with an axis came with version 13; before, ONNX Runtime's own has one.
    private const int OwnAxis = 13;

    /// <summary>Has QuantizeLinear and DequantizeLinear be ONNX Runtime's own where the model's are too old.</summary>
    public static NodeProto Fitting(ModelGraph model, NodeProto node)
    {
        if (model.VersionOf("") >= OwnAxis)
            return node;
        model.UseContributed();
        return node.In(Operators.Contributed);
    }

    /// <returns>The name of the floats.</returns>
    public static string Add(ModelGraph model, string values, string scales, int axis)
    {
        var restored = model.NewName(values + "/restored");
        var node = Fitting(model, Node("DequantizeLinear", [values, scales], restored, Attribute("axis", axis)));
        if (node.Domain == Operators.Contributed)
        {
            // There the zero points must be given.
            var (zeros, tensor) = (model.NewName(values + "_zero"), model.FindWeight(values)!);
            var count = (int)tensor.Dims[axis];
            model.Add((DataType)tensor.DataType == DataType.Int32
                ? Tensors.Of<int>(zeros, DataType.Int32, new int[count], count)
                : Tensors.Of<sbyte>(zeros, DataType.Int8, new sbyte[count], count));
            node.Input.Add(zeros);
        }

        // Before every node: whoever uses it comes later.
        model.Graph.Node.Insert(0, node);
        return restored;
    }
}

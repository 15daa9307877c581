using Onnx;
using static Onnx.TensorProto.Types;

namespace Serverless.TestKit.Onnx;

/// <summary>A loop in a graph.</summary>
internal static class SlowGraph
{
    public static OnnxGraph Build()
    {
        var loop = new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = Body() };
        return new OnnxGraph()
            .Input("count", DataType.Int64).Input("start", DataType.Float, 1).Output("y", DataType.Float, 1)
            .Node("Loop", "count - start", "y", loop);
    }

    // Per step: carries the value on, one added.
    private static GraphProto Body()
    {
        var one = new TensorProto { Name = "one", DataType = (int)DataType.Float, Dims = { 1 }, FloatData = { 1f } };
        return new GraphProto
        {
            Name = "body",
            Initializer = { one },
            Input = { Scalar("step", DataType.Int64), Scalar("again_in", DataType.Bool), Vector("value_in") },
            Output = { Scalar("again_out", DataType.Bool), Vector("value_out") },
            Node =
            {
                new NodeProto { OpType = "Identity", Input = { "again_in" }, Output = { "again_out" } },
                new NodeProto { OpType = "Add", Input = { "value_in", "one" }, Output = { "value_out" } },
            },
        };
    }

    private static ValueInfoProto Scalar(string name, DataType type) => Value(name, type, new TensorShapeProto());

    private static ValueInfoProto Vector(string name) =>
        Value(name, DataType.Float, new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimValue = 1 } } });

    private static ValueInfoProto Value(string name, DataType type, TensorShapeProto shape) => new()
    {
        Name = name,
        Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } },
    };
}

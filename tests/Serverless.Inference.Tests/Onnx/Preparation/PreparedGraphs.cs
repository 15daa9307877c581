using Onnx;
using Serverless.TestKit.Onnx;
using static Onnx.TensorProto.Types;

namespace Serverless.Inference.Tests.Onnx.Preparation;

/// <summary>Graphs for the tests of preparation.</summary>
internal static class PreparedGraphs
{
    /// <summary>A convolution with ReLU, FP32 [batch,3,8,8] → [batch,16,6,6]: what processors have layouts for.</summary>
    public static OnnxGraph Convolution(object batch) => new OnnxGraph()
        .Input("x", DataType.Float, batch, 3, 8, 8).Output("y", DataType.Float, batch, 16, 6, 6)
        .Weights("w", Numbers(16 * 3 * 3 * 3), 16, 3, 3, 3)
        .Node("Conv", "x w", "c").Node("Relu", "c", "y");

    /// <summary>A dense layer that takes one row, FP32 [1,32] → [1,16].</summary>
    public static OnnxGraph OneRow() => new OnnxGraph()
        .Input("x", DataType.Float, 1, 32).Output("y", DataType.Float, 1, 16)
        .Weights("w", Numbers(32 * 16), 32, 16).Node("MatMul", "x w", "y");

    /// <summary>A dense layer whose answer is reshaped to one row, whatever comes.</summary>
    public static OnnxGraph OneRowForGood() => new OnnxGraph()
        .Input("x", DataType.Float, 1, 32).Output("y", DataType.Float, 1, 16)
        .Weights("w", Numbers(32 * 16), 32, 16).Node("MatMul", "x w", "m")
        .Node("Constant", "-", "shape", Integers(1, 16)).Node("Reshape", "m shape", "y");

    /// <summary>Divides by the largest element of all rows: one row changes another's answer.</summary>
    public static OnnxGraph ScaledByTheLargest() => new OnnxGraph()
        .Input("x", DataType.Float, "n", 4).Output("y", DataType.Float, "n", 4)
        .Node("ReduceMax", "x", "largest", OnnxGraph.Attribute("keepdims", 0)).Node("Div", "x largest", "y");

    /// <summary>Sums over everything: no answer for each row.</summary>
    public static OnnxGraph Total() => new OnnxGraph()
        .Input("x", DataType.Float, "n", 4).Output("y", DataType.Float)
        .Node("ReduceMean", "x", "y", OnnxGraph.Attribute("keepdims", 0));

    /// <summary>Looks up in a table with one entry: takes the index 0 and no other.</summary>
    public static OnnxGraph OneEntry() => new OnnxGraph()
        .Input("index", DataType.Int64, "n").Output("value", DataType.Float, "n")
        .Weights("table", [7], 1).Node("Gather", "table index", "value");

    /// <summary>Rows of a table of 2 MiB, and a dense layer: INT64 ids [n] → FP32 y [n,16].</summary>
    public static OnnxGraph Embedding() => new OnnxGraph()
        .Input("ids", DataType.Int64, "n").Output("y", DataType.Float, "n", 16)
        .Weights("table", Numbers(4096 * 128), 4096, 128).Weights("w", Numbers(128 * 16), 128, 16)
        .Node("Gather", "table ids", "rows").Node("MatMul", "rows w", "y");

    /// <summary>As <c>y = x · w</c>, with <c>w</c> (FP32 [64,64]) in the file <paramref name="location"/>.</summary>
    public static ModelProto WithExternalWeights(string location, long length = 64 * 64 * 4)
    {
        var model = ModelProto.Parser.ParseFrom(new OnnxGraph()
            .Input("x", DataType.Float, "n", 64).Output("y", DataType.Float, "n", 64)
            .Weights("w", [], 64, 64).Node("MatMul", "x w", "y").ToBytes());
        var tensor = model.Graph.Initializer[0];
        tensor.DataLocation = DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = "0" });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{length}" });
        return model;
    }

    private static AttributeProto Integers(params long[] values) => new()
    {
        Name = "value_ints",
        Type = AttributeProto.Types.AttributeType.Ints,
        Ints = { values },
    };

    private static float[] Numbers(int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}

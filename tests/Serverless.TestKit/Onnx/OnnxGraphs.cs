using static Onnx.TensorProto.Types;

namespace Serverless.TestKit.Onnx;

/// <summary>The graphs that tests use most.</summary>
public static class OnnxGraphs
{
    /// <summary><c>y = x</c> of any shape of rank <paramref name="rank"/>.</summary>
    public static OnnxGraph Identity(DataType type, int rank = 2)
    {
        object[] shape = [.. Enumerable.Range(0, rank).Select(axis => $"d{axis}")];
        return new OnnxGraph().Input("x", type, shape).Output("y", type, shape).Node("Identity", "x", "y");
    }

    /// <summary><c>sum = a + b</c>, FP32 [n]; both must have the same or a broadcastable size.</summary>
    public static OnnxGraph Add() => new OnnxGraph()
        .Input("a", DataType.Float, "n").Input("b", DataType.Float, "m").Output("sum", DataType.Float, "k").Node("Add", "a b", "sum");

    /// <summary><c>y = factor · x</c>, FP32 [n,2]; versions of a model are told apart by the factor.</summary>
    public static OnnxGraph Scale(float factor) => new OnnxGraph()
        .Input("x", DataType.Float, "n", 2).Output("y", DataType.Float, "n", 2)
        .Weights("factor", [factor], 1).Node("Mul", "x factor", "y");

    /// <summary>Two dense layers with ReLU between: FP32 [batch,<paramref name="inputs"/>] → [batch,<paramref name="outputs"/>].</summary>
    public static OnnxGraph Mlp(int inputs, int hidden, int outputs, int seed = 1)
    {
        var random = new Random(seed);
        return new OnnxGraph()
            .Input("x", DataType.Float, "batch", inputs).Output("y", DataType.Float, "batch", outputs)
            .Weights("w1", Weights(inputs * hidden), inputs, hidden).Weights("w2", Weights(hidden * outputs), hidden, outputs)
            .Node("MatMul", "x w1", "h").Node("Relu", "h", "r").Node("MatMul", "r w2", "y");

        float[] Weights(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) * 0.2f)];
    }

    /// <summary><c>y = log x</c>, FP32 [n]: NaN below zero, -infinity at zero.</summary>
    public static OnnxGraph Log() => new OnnxGraph()
        .Input("x", DataType.Float, "n").Output("y", DataType.Float, "n").Node("Log", "x", "y");

    /// <summary>Looks <c>index</c> (INT64 [n]) up in a table of four numbers: an index outside makes the run fail.</summary>
    public static OnnxGraph Lookup() => new OnnxGraph()
        .Input("index", DataType.Int64, "n").Output("value", DataType.Float, "n")
        .Weights("table", [10, 20, 30, 40], 4).Node("Gather", "table index", "value");

    /// <summary>
    /// Adds 1 to <c>start</c> (FP32 [1]) in a loop of <c>count</c> (INT64 scalar) steps: as slow as a test needs it to be.
    /// </summary>
    public static OnnxGraph Slow() => SlowGraph.Build();
}

using Serverless.Inference.Onnx;
using Serverless.TestKit.Onnx;
using static Onnx.TensorProto.Types;
using static Serverless.Optimization.Tests.GraphRun;

namespace Serverless.Optimization.Tests.Passes;

public sealed class StructuredPrunePassTests
{
    private const int Tokens = 5;

    private static readonly string[] Activations = ["Relu", "Tanh", "Sigmoid", "Elu"];

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(0, 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Layers_WithoutTheirSmallestNeurons_AnswerAsIfThoseWereZero(int seed)
    {
        var random = new Random(seed);
        var (width, hidden, middle) = (random.Next(3, 20), random.Next(8, 60), random.Next(8, 60));
        var (first, second, third) = (Random(seed, width * hidden), Random(seed + 1, hidden * middle), Random(seed + 2, middle * 4));
        var graph = new Func<float[], float[], OnnxGraph>((two, three) => new OnnxGraph()
            .Input("x", DataType.Float, "n", width).Output("y", DataType.Float, "n", 4)
            .Weights("w1", first, width, hidden).Weights("b1", Random(seed + 3, hidden), hidden).Weights("w2", two, hidden, middle)
            .Weights("b2", Random(seed + 4, middle), middle).Weights("w3", three, middle, 4).Weights("b3", Random(seed + 5, 4), 4)
            .Node("MatMul", "x w1", "m1").Node("Add", "b1 m1", "a1").Node(Activations[seed % 4], "a1", "h1")
            .Node("Gemm", "h1 w2 b2", "g2").Node(Activations[(seed + 1) % 4], "g2", "h2").Node("Gemm", "h2 w3 b3", "y"));
        var x = Floats("x", Random(seed + 6, 3 * width), 3, width);

        var pruned = After(graph(second, third), "prune-structured:neurons=0.4,min=1");

        var one = Smallest(hidden, (int)(0.4 * hidden), unit => Length(first, hidden, unit, column: true) * Length(second, middle, unit, column: false));
        var two = WithoutRows(second, middle, one);
        var three = WithoutRows(third, 4, Smallest(middle, (int)(0.4 * middle), unit => Length(two, middle, unit, column: true) * Length(third, 4, unit, column: false)));
        Assert.InRange(Distance(Of(After(graph(two, three)), x)[0], Of(pruned, x)[0]), 0, 1e-4);
        Assert.Contains(pruned.Graph.Initializer, tensor => tensor.Dims.SequenceEqual([hidden - (int)(0.4 * hidden), middle - (int)(0.4 * middle)]));
        Assert.DoesNotContain(pruned.Graph.Initializer, tensor => tensor.Name is "w1" or "w2" or "w3" or "b1" or "b2");
    }

    [Fact]
    public void Layer_WithAGate_LosesTheSameNeuronsOfBoth()
    {
        var graph = new OnnxGraph().Input("x", DataType.Float, "n", 8).Output("y", DataType.Float, "n", 4)
            .Weights("gate", Random(1, 8 * 16), 8, 16).Weights("up", Random(2, 8 * 16), 8, 16).Weights("down", Random(3, 64), 16, 4)
            .Node("MatMul", "x gate", "g").Node("Sigmoid", "g", "s").Node("Mul", "g s", "o").Node("MatMul", "x up", "u")
            .Node("Mul", "o u", "p").Node("MatMul", "p down", "y");

        var pruned = After(graph, "prune-structured:neurons=0.5,min=1");

        Assert.Equal(["8,8", "8,8", "8,4"], pruned.Graph.Initializer.Select(tensor => string.Join(',', tensor.Dims)));
        Assert.Equal(8, Of(pruned, Floats("x", Random(4, 16), 2, 8))[0].Length);
    }

    [Theory]
    [InlineData("an output", "h")]
    [InlineData("read by a sum", "y")]
    public void Neurons_ThatOthersSee_AreLeft(string why, string output)
    {
        var graph = new OnnxGraph().Input("x", DataType.Float, "n", 8).Output(output, DataType.Float, "n", 8)
            .Weights("w1", Random(1, 64), 8, 8).Weights("w2", Random(2, 64), 8, 8)
            .Node("MatMul", "x w1", "m").Node("Relu", "m", "h").Node("MatMul", "h w2", "p").Node("Add", "p h", "y");

        var error = Assert.Throws<ModelRefusedException>(() => After(graph, "prune-structured:min=1"));

        Assert.True(error.Message.Contains("neurons between two MatMul or Gemm", StringComparison.Ordinal), $"{why}: {error.Message}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Attention_WithoutItsSmallestHeads_AnswersAsIfThoseWereZero(int seed)
    {
        var (heads, size) = (4 + (seed % 3), 3 + (seed % 2));
        var width = heads * size;
        var (query, key, value, output) =
            (Random(seed, width * width), Random(seed + 1, width * width), Random(seed + 2, width * width), Random(seed + 3, width * width));
        var x = Floats("x", Random(seed + 4, 2 * Tokens * width), 2, Tokens, width);

        var pruned = After(Attention(query, key, value, output, heads, size), "prune-structured:neurons=0,heads=0.5,min=1");

        double Worth(int head) => new[] { query, key, value }.Select(weights => Columns(weights, width, head * size, size))
            .Append(Rows(output, width, head * size, size)).Aggregate(1.0, (product, square) => product * square);
        var gone = Smallest(heads, heads / 2, Worth).SelectMany(head => Enumerable.Range(head * size, size)).ToList();
        var reference = After(Attention(query, key, value, WithoutRows(output, width, gone), heads, size));
        Assert.InRange(Distance(Of(reference, x)[0], Of(pruned, x)[0]), 0, 1e-4);
        var left = (heads - (heads / 2)) * size;
        Assert.Equal(3, pruned.Graph.Initializer.Count(tensor => tensor.Dims.SequenceEqual([width, left])));
        Assert.Contains(pruned.Graph.Initializer, tensor => tensor.Dims.SequenceEqual([left, width]));
    }

    [Fact]
    public void Attention_WhoseHeadsAreWorkedOut_IsRefusedAndSaysWhy()
    {
        var weights = Random(1, 64);
        var graph = Attention(weights, weights, weights, weights, heads: 2, size: 4, shape: "heads worked_out");

        var error = Assert.Throws<ModelRefusedException>(() => After(graph, "prune-structured:neurons=0,heads=0.5,min=1"));

        Assert.Contains("do not say how many heads there are", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Graph_WithoutAttention_IsRefusedAndSaysWhatIsTaken()
    {
        var error = Assert.Throws<ModelRefusedException>(() => After(OnnxGraphs.Scale(2), "prune-structured:neurons=0,heads=0.5"));

        Assert.Contains("attentions written as MatMul, Reshape, Transpose and Softmax", error.Message, StringComparison.Ordinal);
    }

    // Values are cut by a shape that is joined, all others by one that is written.
    private static OnnxGraph Attention(float[] query, float[] key, float[] value, float[] output, int heads, int size, string shape = "heads size")
    {
        var width = heads * size;
        return new OnnxGraph().Input("x", DataType.Float, "n", "t", width).Output("y", DataType.Float, "n", "t", width)
            .Weights("wq", query, width, width).Weights("wk", key, width, width).Weights("wv", value, width, width).Weights("wo", output, width, width)
            .Weights("bq", Random(9, width), width).Weights("scale", [2f])
            .Integers("cut", 0, 0, heads, size).Integers("same", 0, 0).Integers("heads", heads).Integers("size", size).Integers("whole", 0, 0, width)
            .Integers("from", 2).Integers("to", 3)
            .Node("MatMul", "x wq", "q0").Node("Add", "q0 bq", "q1").Node("Reshape", "q1 cut", "q2").Node("Transpose", "q2", "q", Order(0, 2, 1, 3))
            .Node("MatMul", "x wk", "k1").Node("Reshape", "k1 cut", "k2").Node("Transpose", "k2", "k", Order(0, 2, 3, 1))
            .Node("MatMul", "x wv", "v1").Node("Shape", "v1", "dimensions").Node("Slice", "dimensions from to", "worked_out")
            .Node("Concat", $"same {shape}", "joined", OnnxGraph.Attribute("axis", 0)).Node("Reshape", "v1 joined", "v2")
            .Node("Transpose", "v2", "v", Order(0, 2, 1, 3))
            .Node("MatMul", "q k", "scores").Node("Div", "scores scale", "scaled").Node("Softmax", "scaled", "shares", OnnxGraph.Attribute("axis", -1))
            .Node("MatMul", "shares v", "weighed").Node("Transpose", "weighed", "back", Order(0, 2, 1, 3)).Node("Reshape", "back whole", "together")
            .Node("MatMul", "together wo", "y");
    }

    private static global::Onnx.AttributeProto Order(params long[] order) => OnnxGraph.Attribute("perm", order);

    private static List<int> Smallest(int units, int count, Func<int, double> worth) =>
        [.. Enumerable.Range(0, units).OrderBy(worth).Take(count)];

    private static float[] WithoutRows(float[] weights, int columns, IEnumerable<int> rows)
    {
        var left = weights.ToArray();
        foreach (var row in rows)
            Array.Clear(left, row * columns, columns);
        return left;
    }

    private static double Length(float[] weights, int columns, int unit, bool column) =>
        column ? Columns(weights, columns, unit, 1) : Rows(weights, columns, unit, 1);

    private static double Columns(float[] weights, int columns, int from, int count) =>
        weights.Where((_, i) => i % columns >= from && i % columns < from + count).Sum(weight => (double)weight * weight);

    private static double Rows(float[] weights, int columns, int from, int count) =>
        weights.Skip(from * columns).Take(count * columns).Sum(weight => (double)weight * weight);
}

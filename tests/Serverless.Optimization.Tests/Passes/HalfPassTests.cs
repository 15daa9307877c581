using Serverless.Inference.Onnx;
using Serverless.TestKit.Onnx;
using static Onnx.TensorProto.Types;
using static Serverless.Optimization.Tests.GraphRun;

namespace Serverless.Optimization.Tests.Passes;

public sealed class HalfPassTests
{
    // Half precision keeps 11 bits: off by 2^-11 of a number when it is rounded.
    private const double Step = 1.0 / 2048;

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(0, 10)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Layer_OfRandomShape_IsThatOfHalves(int seed)
    {
        var random = new Random(seed);
        var (rows, inner, columns) = (random.Next(1, 9), random.Next(8, 100), random.Next(8, 70));
        var (weights, bias, x) = (Random(seed, inner * columns), Random(seed + 1, columns), Random(seed + 2, rows * inner));
        var graph = new OnnxGraph().Input("x", DataType.Float, "n", inner).Output("y", DataType.Float, "n", columns)
            .Weights("w", weights, inner, columns).Weights("b", bias, columns)
            .Node("MatMul", "x w", "m").Node("Add", "m b", "a").Node("Relu", "a", "y");

        var model = After(graph, "fp16:min=1");
        var found = Of(model, Floats("x", x, rows, inner))[0];

        var product = Product(Halves(x), Halves(weights), rows, inner, columns);
        var wanted = product.Select((sum, i) => Math.Max(0, sum + Halves(bias)[i % columns])).ToArray();
        // The product is rounded, then the sum; each is at most the inner size and one.
        Assert.InRange(Distance(wanted, found), 0, 2 * Step * (product.Max(Math.Abs) + 1));
        Assert.Equal(["Cast", "MatMul", "Add", "Relu", "Cast"], model.Graph.Node.Select(node => node.OpType));
        Assert.All(model.Graph.Initializer, tensor => Assert.Equal(DataType.Float16, (DataType)tensor.DataType));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void LookUp_OfRandomRows_GivesTheirHalves(int seed)
    {
        var weights = Random(seed, 40 * 16);
        var graph = new OnnxGraph().Input("ids", DataType.Int64, "n").Output("y", DataType.Float, "n", 16)
            .Weights("w", weights, 40, 16).Node("Gather", "w ids", "y");

        var found = Of(After(graph, "fp16:min=1"), Integers("ids", [seed, 39, 0], 3))[0];

        var halves = Halves(weights);
        Assert.Equal(new[] { seed, 39, 0 }.SelectMany(id => halves.Skip(id * 16).Take(16)).Select(number => (double)number), found);
    }

    [Fact]
    public void Softmax_AndWhatIsAddedToIt_StayInFloats()
    {
        var graph = new OnnxGraph().Input("x", DataType.Float, "n", 16).Output("y", DataType.Float, "n", 8)
            .Weights("w", Random(1, 128), 16, 8).Weights("b", Random(2, 8), 8)
            .Node("MatMul", "x w", "m").Node("Softmax", "m", "s").Node("Add", "s b", "y");

        var model = After(graph, "fp16:min=1");

        Assert.Equal(["Cast", "MatMul", "Cast", "Softmax", "Add"], model.Graph.Node.Select(node => node.OpType));
        Assert.InRange(Distance(Of(After(graph), Floats("x", Random(3, 32), 2, 16))[0], Of(model, Floats("x", Random(3, 32), 2, 16))[0]), 0, 0.01);
    }

    [Theory]
    [InlineData(-1e30f)]
    [InlineData(1e-12f)]
    public void Operator_WithAConstantThatHalvesCannotHold_StaysInFloats(float constant)
    {
        var graph = new OnnxGraph().Input("x", DataType.Float, "n", 16).Output("y", DataType.Float, "n", 8)
            .Weights("w", Random(1, 128), 16, 8).Weights("c", [constant]).Node("MatMul", "x w", "m").Node("Mul", "m c", "y");

        var found = Of(After(graph, "fp16:min=1"), Floats("x", Random(3, 32), 2, 16))[0];

        Assert.All(found, number => Assert.True(double.IsFinite(number) && number != 0, $"{number}"));
    }

    [Fact]
    public void Value_WantedInBothPrecisions_IsCastOnce()
    {
        var graph = new OnnxGraph().Input("x", DataType.Float, "n", 16).Output("m", DataType.Float, "n", 8).Output("y", DataType.Float, "n", 8)
            .Output("z", DataType.Float, "n", 8).Output("d", DataType.Int64, 2)
            .Weights("w", Random(1, 128), 16, 8).Weights("v", Random(2, 128), 16, 8)
            .Node("MatMul", "x w", "m").Node("MatMul", "x v", "k").Node("Exp", "m", "y").Node("Exp", "k", "z").Node("Shape", "k", "d");

        var model = After(graph, "fp16:min=1");

        // Of x, m and k; a shape is that of either.
        Assert.Equal(3, model.Graph.Node.Count(node => node.OpType == "Cast"));
        Assert.Equal([2, 8], Of(model, Floats("x", Random(3, 32), 2, 16))[3]);
    }

    [Fact]
    public void Graph_WithoutLargeWeights_IsRefusedAndSaysWhatIsTaken()
    {
        var error = Assert.Throws<ModelRefusedException>(() => After(OnnxGraphs.Scale(2), "fp16"));

        Assert.Contains("MatMul, Gemm, Conv or Gather with at least 1024 numbers", error.Message, StringComparison.Ordinal);
    }

    private static float[] Halves(float[] numbers) => [.. numbers.Select(number => (float)(Half)number)];
}

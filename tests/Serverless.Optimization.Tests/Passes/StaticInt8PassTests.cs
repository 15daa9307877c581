using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Optimization.Passes;
using Serverless.Optimization.Quantization;
using Serverless.TestKit.Onnx;
using static Onnx.TensorProto.Types;
using static Serverless.Optimization.Tests.GraphRun;

namespace Serverless.Optimization.Tests.Passes;

public sealed class StaticInt8PassTests
{
    public static TheoryData<int, int> Graphs() => [.. Enumerable.Range(0, 8).Select(seed => (seed, seed % 2 == 0 ? 17 : 11))];

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Product_OfRandomShape_IsThatOfRoundedWeightsAndInputInTheRangeSeen(int seed, int opset)
    {
        var random = new Random(seed);
        var (inner, columns) = (random.Next(8, 100), random.Next(8, 70));
        // Half of the range: processors without VNNI add pairs of products in 16 bits, which full ones may exceed.
        var (weights, x) = (Random(seed, inner * columns), Random(seed + 1, inner).Select(number => Math.Abs(number) / 2).ToArray());
        var graph = new OnnxGraph(opset: opset).Input("x", DataType.Float, "n", inner).Output("y", DataType.Float, "n", columns)
            .Weights("w", weights, inner, columns).Node("MatMul", "x w", "y");
        var model = After(graph);
        model.Samples = [new SampleRow([Floats("x", [-0.5f, 1, .. new float[inner - 2]], 1, inner)])];

        PassStep.Parse("int8-static:min=1").Apply(model);
        var found = Of(model, Floats("x", x, 1, inner))[0];

        var rounded = ChannelWeights.Quantize(weights, [inner, columns], axis: 1);
        var restored = weights.Select((_, i) => rounded.Values[i] * rounded.Scales[i % columns]).ToArray();
        var (scale, zero) = (1.5f / 255, 85);
        var steps = x.Select(number => (Math.Clamp(MathF.Round(number / scale) + zero, 0, 255) - zero) * scale).ToArray();
        Assert.InRange(Distance(Product(steps, restored, 1, inner, columns), found), 0, 1e-3);
    }

    [Theory]
    [InlineData("minmax")]
    [InlineData("percentile")]
    [InlineData("entropy")]
    public void Convolutions_WithNormAndRelu_AnswerAlmostAsBefore(string range)
    {
        var model = After(Convolutions());
        model.Samples = [.. Enumerable.Range(0, 8).Select(seed => new SampleRow([Floats("x", Random(seed, 3 * 81), 1, 3, 9, 9)]))];
        var x = Floats("x", Random(3, 3 * 81), 1, 3, 9, 9);
        var before = Of(model, x)[0];

        PassStep.Parse($"int8-static:min=1,range={range},percentile=99.9").Apply(model);
        var after = Of(model, x)[0];

        // What entropy cuts off of numbers that are all as likely is a share of the largest of them.
        Assert.InRange(Distance(before, after) / before.Max(Math.Abs), 0, range == "minmax" ? 0.03 : 0.2);
        Assert.DoesNotContain(model.Graph.Node, node => node.OpType == "BatchNormalization");
        Assert.Equal(2, model.Graph.Initializer.Count(tensor => (DataType)tensor.DataType == DataType.Int8 && tensor.Dims.Count == 4));
    }

    [Fact]
    public void Convolutions_OfOldOperators_AnswerAlmostAsBefore()
    {
        var model = After(new OnnxGraph(opset: 8).Input("x", DataType.Float, 1, 3, 9, 9).Output("y", DataType.Float, 1, 4, 5, 5)
            .Weights("w", Random(1, 8 * 3 * 9), 8, 3, 3, 3).Weights("v", Random(3, 4 * 8 * 9), 4, 8, 3, 3)
            .Node("Conv", "x w", "c").Node("Relu", "c", "r").Node("Conv", "r v", "y"));
        model.Samples = [.. Enumerable.Range(0, 8).Select(seed => new SampleRow([Floats("x", Random(seed, 3 * 81), 1, 3, 9, 9)]))];
        var x = Floats("x", Random(3, 3 * 81), 1, 3, 9, 9);
        var before = Of(model, x)[0];

        PassStep.Parse("int8-static:min=1").Apply(model);

        Assert.InRange(Distance(before, Of(model, x)[0]) / before.Max(Math.Abs), 0, 0.03);
    }

    [Fact]
    public void Graph_WithoutLargeWeights_IsRefusedAndSaysWhatIsTaken()
    {
        var error = Assert.Throws<ModelRefusedException>(() => After(OnnxGraphs.Scale(2), "int8-static"));

        Assert.Contains("MatMul, Gemm or Conv with at least 1024 numbers", error.Message, StringComparison.Ordinal);
    }

    private static OnnxGraph Convolutions() => new OnnxGraph()
        .Input("x", DataType.Float, 1, 3, 9, 9).Output("y", DataType.Float, 1, 4, 5, 5)
        .Weights("w", Random(1, 8 * 3 * 9), 8, 3, 3, 3).Weights("b", Random(2, 8), 8).Weights("v", Random(3, 4 * 8 * 9), 4, 8, 3, 3)
        .Weights("one", [.. Enumerable.Repeat(1.5f, 8)], 8).Weights("zero", new float[8], 8)
        .Node("Conv", "x w b", "c").Node("BatchNormalization", "c one zero zero one", "n").Node("Relu", "n", "r").Node("Conv", "r v", "y");
}

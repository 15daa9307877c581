using Serverless.Inference.Onnx;
using Serverless.Optimization.Quantization;
using Serverless.TestKit.Onnx;
using static Onnx.TensorProto.Types;
using static Serverless.Optimization.Tests.GraphRun;

namespace Serverless.Optimization.Tests.Passes;

public sealed class DynamicInt8PassTests
{
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(0, 10)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Product_OfRandomShape_IsThatOfRoundedWeightsAndRoundedInput(int seed)
    {
        var random = new Random(seed);
        var (rows, inner, columns) = (random.Next(1, 9), random.Next(8, 100), random.Next(8, 70));
        var (weights, x) = (Random(seed, inner * columns), Random(seed + 1, rows * inner));

        var whole = Of(After(Dense(weights, inner, columns), "int8-dynamic:min=1,rows=false"), Floats("x", x, rows, inner));
        var byRow = Of(After(Dense(weights, inner, columns), "int8-dynamic:min=1"), Floats("x", x, rows, inner));

        var rounded = ChannelWeights.Quantize(weights, [inner, columns], axis: 1);
        var restored = weights.Select((_, i) => rounded.Values[i] * rounded.Scales[i % columns]).ToArray();
        Assert.InRange(Distance(Product(Rounded(x), restored, rows, inner, columns), whole[0]), 0, 1e-3);
        Assert.InRange(Distance(Product(RoundedByRow(x, inner), restored, rows, inner, columns), byRow[0]), 0, 1e-3);
    }

    [Theory]
    [InlineData(17)]
    [InlineData(18)]
    public void Row_WithLargerNeighbours_IsAnsweredAsAlone(int opset)
    {
        var graph = Dense(Random(1, 16 * 8), 16, 8, opset);
        var row = Random(2, 16);
        float[] neighbours = [.. row, .. Random(3, 16).Select(number => number * 1000), .. new float[16]];

        var model = After(graph, "int8-dynamic:min=1");
        var (alone, together) = (Of(model, Floats("x", row, 1, 16))[0], Of(model, Floats("x", neighbours, 3, 16))[0]);

        Assert.Equal(alone, together.Take(8));
        Assert.All(together.Skip(16), number => Assert.Equal(0, number));
    }

    [Fact]
    public void Products_OfOneInput_RoundItOnce()
    {
        var graph = new OnnxGraph().Input("x", DataType.Float, "n", 16).Output("y", DataType.Float, "n", 8).Output("z", DataType.Float, "n", 8)
            .Weights("late", Random(1, 128), 16, 8).Weights("early", Random(2, 128), 16, 8)
            .Node("Relu", "x", "r").Node("MatMul", "r early", "y").Node("MatMul", "r late", "z");

        var model = After(graph, "int8-dynamic:min=1");

        Assert.Single(model.Graph.Node, node => node.OpType == "Round");
        Assert.Equal(2, Of(model, Floats("x", Random(3, 32), 2, 16)).Count);
    }

    [Fact]
    public void Graph_OfOldOperatorsThatHaveChanged_IsRefusedAndSaysWhich()
    {
        var error = Assert.Throws<ModelRefusedException>(() => After(new OnnxGraph(opset: 9).Input("x", DataType.Float, 1, 2)
            .Output("y", DataType.Float, 1, 2).Node("Clip", "x", "y"), "int8-dynamic"));

        Assert.Contains("needs operators of version 11, and it uses version 9, of which Clip has changed since", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Graph_OfOldOperatorsThatMeanTheSame_IsMadeOfNewerOnes()
    {
        var weights = Random(1, 128);

        var model = After(Dense(weights, 16, 8, opset: 8), "int8-dynamic:min=1");

        Assert.Equal(11, model.Model.OpsetImport.Single(set => set.Domain.Length == 0).Version);
        Assert.Single(Of(model, Floats("x", Random(2, 32), 2, 16)));
    }

    private static OnnxGraph Dense(float[] weights, int inner, int columns, int opset = 17) => new OnnxGraph(opset: opset)
        .Input("x", DataType.Float, "n", inner).Output("y", DataType.Float, "n", columns)
        .Weights("w", weights, inner, columns).Node("MatMul", "x w", "y");

    private static float[] RoundedByRow(float[] x, int inner) => [.. x.Chunk(inner).SelectMany(row =>
    {
        var scale = row.Max(Math.Abs) / 127;
        return row.Select(number => MathF.Round(number / scale) * scale);
    })];

    // DynamicQuantizeLinear: uint8 over the range that holds every number and zero.
    private static float[] Rounded(float[] x)
    {
        var (low, high) = (Math.Min(0, x.Min()), Math.Max(0, x.Max()));
        var scale = (high - low) / 255;
        var zero = Math.Clamp(MathF.Round(-low / scale), 0, 255);
        return [.. x.Select(number => (Math.Clamp(MathF.Round(number / scale) + zero, 0, 255) - zero) * scale)];
    }
}

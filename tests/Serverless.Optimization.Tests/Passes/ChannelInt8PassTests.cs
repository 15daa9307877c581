using Serverless.Inference.Onnx;
using Serverless.Optimization.Quantization;
using Serverless.TestKit.Onnx;
using static Onnx.TensorProto.Types;
using static Serverless.Optimization.Tests.GraphRun;

namespace Serverless.Optimization.Tests.Passes;

public sealed class ChannelInt8PassTests
{
    // Sums of up to 100 products in another order.
    private const double Bound = 1e-4;

    public static TheoryData<int, int> Graphs() => [.. Enumerable.Range(0, 12).Select(seed => (seed, seed % 2 == 0 ? 17 : 11))];

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Product_OfRandomShape_IsThatOfTheRoundedWeights(int seed, int opset)
    {
        var random = new Random(seed);
        var (rows, inner, columns) = (random.Next(1, 9), random.Next(8, 100), random.Next(8, 70));
        var weights = Random(seed, inner * columns);
        var x = Random(seed + 1, rows * inner);
        var graph = new OnnxGraph(opset: opset).Input("x", DataType.Float, "n", inner).Output("y", DataType.Float, "n", columns)
            .Weights("w", weights, inner, columns).Node("MatMul", "x w", "y");

        var found = Of(After(graph, "int8:min=1"), Floats("x", x, rows, inner));

        var rounded = ChannelWeights.Quantize(weights, [inner, columns], axis: 1);
        var restored = weights.Select((_, i) => rounded.Values[i] * rounded.Scales[i % columns]).ToArray();
        Assert.InRange(Distance(Product(x, restored, rows, inner, columns), found[0]), 0, Bound);
        var steps = weights.Zip(restored).Select((pair, i) => Math.Abs(pair.First - pair.Second) / rounded.Scales[i % columns]);
        Assert.All(steps, off => Assert.InRange(off, 0, 0.501));
    }

    [Theory]
    [MemberData(nameof(Graphs))]
    public void LookUp_OfRandomRows_GivesTheRoundedRows(int seed, int opset)
    {
        var random = new Random(seed);
        var (entries, width) = (random.Next(5, 60), random.Next(4, 40));
        var weights = Random(seed, entries * width);
        long[] ids = [.. Enumerable.Range(0, 6).Select(_ => (long)random.Next(entries))];
        var graph = new OnnxGraph(opset: opset).Input("ids", DataType.Int64, "n", 3).Output("y", DataType.Float, "n", 3, width)
            .Weights("w", weights, entries, width).Node("Gather", "w ids", "y");

        var found = Of(After(graph, "int8:min=1"), Integers("ids", ids, 2, 3));

        var rounded = ChannelWeights.Quantize(weights, [entries, width], axis: 0);
        double[] wanted = [.. ids.SelectMany(id => Enumerable.Range(0, width).Select(i => (double)(rounded.Values[(id * width) + i] * rounded.Scales[id])))];
        Assert.InRange(Distance(wanted, found[0]), 0, 1e-6);
    }

    [Fact]
    public void Convolution_OfRandomWeights_IsThatOfTheRoundedWeights()
    {
        var weights = Random(3, 8 * 3 * 3 * 3);
        var rounded = ChannelWeights.Quantize(weights, [8, 3, 3, 3], axis: 0);
        OnnxGraph Graph(float[] w) => new OnnxGraph().Input("x", DataType.Float, 1, 3, 9, 9).Output("y", DataType.Float, 1, 8, 7, 7)
            .Weights("w", w, 8, 3, 3, 3).Node("Conv", "x w", "y");
        var x = Floats("x", Random(4, 3 * 81), 1, 3, 9, 9);

        var found = Of(After(Graph(weights), "int8:min=1"), x);

        var restored = weights.Select((_, i) => rounded.Values[i] * rounded.Scales[i / 27]).ToArray();
        Assert.InRange(Distance(Of(After(Graph(restored)), x)[0], found[0]), 0, Bound);
    }

    [Fact]
    public void Weight_OfZeros_StaysZero()
    {
        var rounded = ChannelWeights.Quantize(new float[12], [3, 4], axis: 1);

        Assert.All(rounded.Values, value => Assert.Equal(0, value));
        Assert.All(rounded.Scales, scale => Assert.Equal(1, scale));
    }

    [Fact]
    public void Graph_WithoutLargeWeights_IsRefusedAndSaysWhatIsTaken()
    {
        var error = Assert.Throws<ModelRefusedException>(() => After(OnnxGraphs.Scale(2), "int8"));

        Assert.Contains("MatMul, Gemm, Conv or Gather with at least 1024 numbers", error.Message, StringComparison.Ordinal);
    }
}

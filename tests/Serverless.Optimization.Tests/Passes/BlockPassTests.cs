using Serverless.Inference.Onnx.Preparation;
using Serverless.Optimization.Passes;
using Serverless.Optimization.Quantization;
using Serverless.TestKit.Onnx;
using static Onnx.TensorProto.Types;
using static Serverless.Optimization.Tests.GraphRun;

namespace Serverless.Optimization.Tests.Passes;

public sealed class BlockPassTests
{
    public static TheoryData<int, string, int, bool> Graphs() =>
    [
        .. from seed in Enumerable.Range(0, 3)
           from bits in new[] { 4, 8 }
           from size in new[] { 32, 64, 128 }
           from symmetric in new[] { true, false }
           select (seed, bits == 4 ? "int4" : "int8-block", size, symmetric),
    ];

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Product_OfRandomShape_IsThatOfTheRoundedWeights(int seed, string pass, int size, bool symmetric)
    {
        var random = new Random(seed + size);
        var (rows, inner, columns) = (random.Next(1, 9), random.Next(16, 200), random.Next(8, 70));
        var weights = Random(seed, inner * columns);
        var x = Random(seed + 1, rows * inner);
        var graph = new OnnxGraph().Input("x", DataType.Float, "n", inner).Output("y", DataType.Float, "n", columns)
            .Weights("w", weights, inner, columns).Node("MatMul", "x w", "y");
        var wanted = Product(x, Turned(Restored(Turned(weights, inner, columns), columns, pass, size, symmetric), columns, inner), rows, inner, columns);

        var exact = Of(After(graph, Text(pass, size, symmetric, accuracy: 1)), Floats("x", x, rows, inner));
        var fast = Of(After(graph, Text(pass, size, symmetric, accuracy: 4)), Floats("x", x, rows, inner));

        Assert.InRange(Distance(wanted, exact[0]), 0, 1e-3);
        // The kernel rounds what comes in to int8 in blocks too: off by half of 1/127 for each product, of which few point the same way.
        Assert.InRange(Distance(wanted, fast[0]), 0, 0.03 * Math.Sqrt(inner));
    }

    [Theory]
    [MemberData(nameof(Graphs))]
    public void LookUp_OfRandomRows_GivesTheRoundedRows(int seed, string pass, int size, bool symmetric)
    {
        var random = new Random(seed);
        var (entries, width) = (random.Next(5, 60), size * random.Next(1, 4));
        var weights = Random(seed, entries * width);
        long[] ids = [.. Enumerable.Range(0, 6).Select(_ => (long)random.Next(entries))];
        var graph = new OnnxGraph().Input("ids", DataType.Int64, "n", 3).Output("y", DataType.Float, "n", 3, width)
            .Weights("w", weights, entries, width).Node("Gather", "w ids", "y");

        var found = Of(After(graph, Text(pass, size, symmetric, accuracy: 4)), Integers("ids", ids, 2, 3));

        var restored = Restored(weights, entries, pass, size, symmetric);
        double[] wanted = [.. ids.SelectMany(id => restored.Skip((int)id * width).Take(width)).Select(number => (double)number)];
        Assert.InRange(Distance(wanted, found[0]), 0, 1e-6);
    }

    [Fact]
    public void Table_ThatIsTheHeadToo_IsStoredOnce()
    {
        var weights = Random(1, 100 * 64);
        var graph = new OnnxGraph().Input("ids", DataType.Int64, "n", 3).Output("y", DataType.Float, "n", 3, 100)
            .Weights("w", weights, 100, 64).Node("Gather", "w ids", "x").Node("Transpose", "w", "t").Node("MatMul", "x t", "y");

        var model = After(graph, "int4:accuracy=1,symmetric=false");
        var found = Of(model, Integers("ids", [1, 2, 99], 1, 3));

        var restored = Restored(weights, 100, "int4", 32, symmetric: false);
        var x = new[] { 1, 2, 99 }.SelectMany(id => restored.Skip(id * 64).Take(64)).ToArray();
        Assert.Single(model.Graph.Initializer, tensor => tensor.RawData.Length >= 100 * 64 / 2);
        Assert.DoesNotContain(model.Graph.Node, node => node.OpType is "Transpose" or "MatMul");
        Assert.InRange(Distance(Product(x, Turned(restored, 100, 64), 3, 64, 100), found[0]), 0, 1e-3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Weights_InBlocks_AreOffByHalfAStepAtMost(bool symmetric)
    {
        var weights = Random(5, 20 * 100);
        var format = new BlockFormat(4, 32, symmetric);
        var blocks = BlockWeights.Quantize(weights, 20, format);
        var restored = blocks.Restore(20, 100, format);

        for (var i = 0; i < weights.Length; i++)
        {
            var scale = Math.Abs(blocks.Scales[(i / 100 * blocks.Blocks) + (i % 100 / 32)]);
            // Symmetric, the side that has one step less may miss a whole one.
            Assert.InRange(Math.Abs(weights[i] - restored[i]), 0, scale * (symmetric ? 1.001 : 1.001 / 2));
        }
    }

    [Theory]
    [InlineData(1, 32, true)]
    [InlineData(2, 64, false)]
    [InlineData(3, 16, true)]
    public void Gptq_OnInputsThatGoTogether_IsCloserThanTheNearest(int seed, int size, bool symmetric)
    {
        const int inner = 96;
        const int columns = 40;
        const int rows = 64;
        var weights = Random(seed, inner * columns);
        // Few causes behind many inputs, as in a trained model: one input can make the error of another good.
        var causes = Random(seed + 1, 24 * inner);
        float[] Inputs(int seen) => [.. Product(Random(seen, rows * 24), causes, rows, 24, inner).Select(number => (float)number)];
        var graph = new OnnxGraph().Input("x", DataType.Float, "n", inner).Output("y", DataType.Float, "n", columns)
            .Weights("w", weights, inner, columns).Node("MatMul", "x w", "y");
        var x = Inputs(seed + 100);
        var wanted = Product(x, weights, rows, inner, columns);

        double ErrorOf(string rounding)
        {
            var model = After(graph);
            model.Samples = [.. Inputs(seed + 200).Chunk(inner).Select(row => new SampleRow([Floats("x", row, 1, inner)]))];
            PassStep.Parse($"{Text("int4", size, symmetric, accuracy: 1)},rounding={rounding}").Apply(model);
            return Of(model, Floats("x", x, rows, inner))[0].Zip(wanted, (one, other) => (one - other) * (one - other)).Sum();
        }

        Assert.InRange(ErrorOf("gptq") / ErrorOf("nearest"), 0, 0.8);
    }

    private static string Text(string pass, int size, bool symmetric, int accuracy) =>
        $"{pass}:min=1,block={size},symmetric={(symmetric ? "true" : "false")},accuracy={accuracy}";

    private static float[] Restored(float[] weights, int rows, string pass, int size, bool symmetric)
    {
        var format = new BlockFormat(pass == "int4" ? 4 : 8, size, symmetric);
        return BlockWeights.Quantize(weights, rows, format).Restore(rows, weights.Length / rows, format);
    }

    private static float[] Turned(float[] numbers, int rows, int columns)
    {
        var turned = new float[numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
            turned[(i % columns * rows) + (i / columns)] = numbers[i];
        return turned;
    }
}

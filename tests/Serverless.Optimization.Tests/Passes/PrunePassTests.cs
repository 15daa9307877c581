using Serverless.Optimization.Graphs;
using Serverless.Optimization.Passes;
using Serverless.TestKit.Onnx;
using static Onnx.TensorProto.Types;
using static Serverless.Optimization.Tests.GraphRun;

namespace Serverless.Optimization.Tests.Passes;

public sealed class PrunePassTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.25, 250)]
    [InlineData(0.5, 500)]
    [InlineData(0.999, 999)]
    public void Zero_OfRandomWeights_TakesTheSmallest(double sparsity, int zeros)
    {
        var weights = Random(1, 1000);
        var pruned = weights.ToArray();

        Assert.Equal(zeros, PrunePass.Zero(pruned, sparsity));
        var gone = weights.Where((_, i) => pruned[i] == 0).Select(Math.Abs).DefaultIfEmpty().Max();
        Assert.All(pruned.Where(weight => weight != 0), weight => Assert.True(Math.Abs(weight) >= gone));
    }

    [Fact]
    public void Zero_OfWeightsThatAreAllAsLarge_TakesAsManyAsItIsTo()
    {
        var weights = Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? 1f : -1f).ToArray();

        Assert.Equal(30, PrunePass.Zero(weights, 0.3));
    }

    [Fact]
    public void Graph_Pruned_ComputesWithWhatIsLeft()
    {
        var weights = Random(2, 32 * 16);
        var graph = new OnnxGraph().Input("x", DataType.Float, "n", 32).Output("y", DataType.Float, "n", 16)
            .Weights("w", weights, 32, 16).Node("MatMul", "x w", "y");
        var x = Random(3, 64);

        var model = After(graph, "prune:sparsity=0.5,min=1");

        var left = Tensors.Floats(model.Graph.Initializer.Single());
        Assert.Equal(256, left.Count(weight => weight == 0));
        Assert.InRange(Distance(Product(x, left, 2, 32, 16), Of(model, Floats("x", x, 2, 32))[0]), 0, 1e-4);
    }
}

using Serverless.Inference.Onnx;
using Serverless.Optimization.Graphs;
using Serverless.Optimization.Partitioning;
using Serverless.SampleModels;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;
using static Onnx.TensorProto.Types;

namespace Serverless.Optimization.Tests.Partitioning;

public sealed class PartitionedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int, int> Graphs() =>
        [.. from seed in Enumerable.Range(0, 6) from stages in new[] { 2, 3, 5 } select (seed, stages)];

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Stages_OfARandomGraph_AnswerAsTheWhole(int seed, int stages)
    {
        var path = RandomGraph(seed).WriteTo(_folder.File("model.onnx"));

        using var model = PartitionedModel.Write(ModelGraph.Read(path), stages, _folder.File("stages"));

        Assert.Equal(stages, model.Stages.Count);
        Assert.InRange(model.DistanceFrom(path), 0, 1e-5);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Stages_OfResNet18_AreNarrowAndEvenAndAnswerAsTheWhole(int stages)
    {
        using var model = PartitionedModel.Write(ModelGraph.Read(ResNet18.File), stages, _folder.File("stages"));

        Assert.All(model.Stages.Skip(1), stage => Assert.InRange(stage.Received.Count, 1, 2));
        Assert.InRange(model.DistanceFrom(ResNet18.File), 0, 1e-5);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Stages_OfMiniLm_AnswerAsTheWhole(int stages)
    {
        var (graph, _) = MiniLm.WriteTo(_folder.File("minilm"));

        using var model = PartitionedModel.Write(ModelGraph.Read(graph), stages, _folder.File("stages"));

        Assert.InRange(model.DistanceFrom(graph), 0, 1e-5);
    }

    [Theory]
    [InlineData(1, "2 to 64 stages, not 1")]
    [InlineData(65, "2 to 64 stages, not 65")]
    public void Cut_IntoSoManyStages_SaysHowManyCanBe(int stages, string why)
    {
        var graph = ModelGraph.Read(RandomGraph(1).WriteTo(_folder.File("model.onnx")));

        var error = Assert.Throws<ArgumentException>(() => PartitionedModel.Write(graph, stages, _folder.File("stages")));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_OfAGraphWithFewerNodes_IsRefused()
    {
        var graph = ModelGraph.Read(OnnxGraphs.Scale(2).WriteTo(_folder.File("model.onnx")));

        Assert.Throws<ModelRefusedException>(() => PartitionedModel.Write(graph, 5, _folder.File("stages")));
    }

    public void Dispose() => _folder.Dispose();

    // Layers in a row, some of which add what came layers before: values that cross more than one cut.
    private static OnnxGraph RandomGraph(int seed)
    {
        var random = new Random(seed);
        var graph = new OnnxGraph().Input("x", DataType.Float, "n", 8).Output("y", DataType.Float, "n", 8);
        var made = new List<string> { "x" };
        for (var i = 0; i < 6; i++)
        {
            graph.Weights($"w{i}", GraphRun.Random((seed * 10) + i, 64), 8, 8).Node("MatMul", $"{made[^1]} w{i}", $"m{i}");
            graph.Node("Add", $"m{i} {made[random.Next(made.Count)]}", $"a{i}");
            made.Add($"a{i}");
        }

        return graph.Node("Tanh", made[^1], "y");
    }
}

using Onnx;
using Serverless.Inference.Onnx.Preparation;
using Serverless.TestKit.Onnx;
using static Onnx.TensorProto.Types;

namespace Serverless.Inference.Tests.Onnx.Preparation;

public sealed class LookupTablesTests
{
    [Fact]
    public void Of_TableThatOnlyGatherReads_IsOne() => Assert.Contains("table", Of(PreparedGraphs.Embedding()));

    [Fact]
    public void Of_WeightOfAProduct_IsNone() => Assert.DoesNotContain("w", Of(PreparedGraphs.Embedding()));

    [Fact]
    public void Of_TableThatIsAlsoMultiplied_IsNone() => Assert.Empty(Of(Graph()
        .Node("Gather", "table ids", "rows").Node("Transpose", "table", "turned").Node("MatMul", "rows turned", "y")));

    [Fact]
    public void Of_TableThatIsAnAnswerToo_IsNone() => Assert.Empty(Of(Graph()
        .Output("table", DataType.Float, 4, 4).Node("Gather", "table ids", "y")));

    [Fact]
    public void Of_IndicesOfAGather_AreNone() => Assert.DoesNotContain("ids", Of(Graph().Node("Gather", "table ids", "y")));

    [Fact]
    public void Of_TableThatABranchReads_IsNone()
    {
        var model = Parse(Graph().Node("Gather", "table ids", "y"));
        var inner = new GraphProto();
        inner.Node.Add(new NodeProto { OpType = "Relu", Input = { "table" }, Output = { "r" } });
        var branch = new NodeProto { OpType = "If" };
        branch.Attribute.Add(new AttributeProto { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph, G = inner });
        model.Graph.Node.Add(branch);

        Assert.DoesNotContain("table", LookupTables.Of(model));
    }

    [Fact]
    public void Of_GatherOfAnotherDomain_IsNotTrusted()
    {
        var model = Parse(Graph().Node("Gather", "table ids", "y"));
        model.Graph.Node[0].Domain = "my.ops";

        Assert.Empty(LookupTables.Of(model));
    }

    private static OnnxGraph Graph() => new OnnxGraph()
        .Input("ids", DataType.Int64, "n").Output("y", DataType.Float, "n", 4).Weights("table", new float[16], 4, 4);

    private static IReadOnlySet<string> Of(OnnxGraph graph) => LookupTables.Of(Parse(graph));

    private static ModelProto Parse(OnnxGraph graph) => ModelProto.Parser.ParseFrom(graph.ToBytes());
}

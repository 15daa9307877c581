using Serverless.Inference.Execution.Batching;
using Serverless.Inference.Tests.Execution.Batching;
using Serverless.TestKit.Onnx;

namespace Serverless.Inference.Tests.Onnx.Preparation;

public sealed class SteadyGraphTests : IAsyncDisposable
{
    private readonly Engine _engine = new() { MaxBatch = 4 };

    public static TheoryData<string, bool> Graphs() => new()
    {
        { "mlp", true },
        { "lookup", true },
        // A loop; a free dimension that is not the rows'.
        { "slow", false },
        { "sequences", false },
    };

    [Theory]
    [MemberData(nameof(Graphs))]
    public async Task Push_Graph_RecordsWhetherValuesDecideHowLongItRuns(string name, bool isSteady)
    {
        var graph = name switch
        {
            "mlp" => OnnxGraphs.Mlp(8, 16, 4),
            "lookup" => OnnxGraphs.Lookup(),
            "slow" => OnnxGraphs.Slow(),
            _ => SequenceGraph.Build(),
        };
        var version = await _engine.PushAsync(name, graph.ToBytes());
        using var lease = await _engine.Registry.AcquireAsync(new Contracts.Models.ModelReference(name, version), TestContext.Current.CancellationToken);

        Assert.Equal(isSteady, lease.Manifest.Batching!.IsSteady);
        Assert.Equal(isSteady, new BatchPlan(lease.Signature, lease.Manifest.Batching).IsSteady);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}

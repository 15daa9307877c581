using Serverless.Inference.Onnx.Preparation;
using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;

namespace Serverless.Inference.Tests.Onnx.Preparation;

public sealed class BatchProofTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Prove_RowsThatDoNotMix_AreTakenTogether()
    {
        var batching = await ProveAsync(OnnxGraphs.Mlp(8, 16, 4), new PreparationOptions { MaxBatch = 6 });

        Assert.Equal(6, batching.MaxBatch);
        Assert.InRange(batching.Tolerance, 0, 1e-4);
        Assert.Contains("6 rows alone equal", batching.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prove_OneRowChangesAnother_IsRefusedNamingTheOutput()
    {
        var batching = await ProveAsync(PreparedGraphs.ScaledByTheLargest());

        Assert.Equal(1, batching.MaxBatch);
        Assert.Matches("rows together, output 'y' is .* where .* is right", batching.Reason);
    }

    [Fact]
    public async Task Prove_NoAnswerForEachRow_IsRefused()
    {
        var batching = await ProveAsync(PreparedGraphs.Total());

        Assert.Equal(1, batching.MaxBatch);
        Assert.Contains("does not count rows", batching.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prove_ScalarInput_IsRefused()
    {
        var batching = await ProveAsync(OnnxGraphs.Slow());

        Assert.Equal(1, batching.MaxBatch);
        Assert.Contains("'count' has no free first dimension", batching.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prove_IndexesIntoASmallTable_AreFound() =>
        Assert.Equal(32, (await ProveAsync(OnnxGraphs.Lookup())).MaxBatch);

    [Fact]
    public async Task Prove_InputsThatNobodyGuesses_NeedsSamples()
    {
        var sample = new SampleRow([new SampleInput("index", TensorDatatype.Int64, [1], new byte[8])]);

        var guessed = await ProveAsync(PreparedGraphs.OneEntry());
        var given = await ProveAsync(PreparedGraphs.OneEntry(), new PreparationOptions { Samples = [sample] });

        Assert.Equal(1, guessed.MaxBatch);
        Assert.Contains("samples", guessed.Reason, StringComparison.Ordinal);
        Assert.Equal(32, given.MaxBatch);
    }

    [Fact]
    public async Task Prove_NotAskedFor_SaysSo() =>
        Assert.Equal(1, (await ProveAsync(OnnxGraphs.Mlp(8, 16, 4), new PreparationOptions { MaxBatch = 1 })).MaxBatch);

    [Fact]
    public async Task Prove_PaddedTextEmbedder_IsProvedOnRowsOfDifferentLength()
    {
        var (graph, _) = SampleModels.MiniLm.WriteTo(_folder.Path);
        var options = new PreparationOptions { Task = ModelTasks.TextEmbedding, MaxBatch = 8 };

        using var prepared = await GraphPreparation.RunAsync(graph, options, null, TestContext.Current.CancellationToken);

        Assert.Equal(8, prepared.Batching.MaxBatch);
        Assert.Contains("padded", prepared.Batching.Reason, StringComparison.Ordinal);
        Assert.Equal(["cpu"], prepared.Optimization!.Providers);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<BatchingRecord> ProveAsync(OnnxGraph graph, PreparationOptions? options = null)
    {
        var path = graph.WriteTo(_folder.File("model.onnx"));
        using var prepared = await GraphPreparation.RunAsync(
            path, options ?? new PreparationOptions(), null, TestContext.Current.CancellationToken);
        return prepared.Batching;
    }
}

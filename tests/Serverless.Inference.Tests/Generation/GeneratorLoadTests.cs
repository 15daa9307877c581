using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Execution;
using Serverless.Inference.Generation;
using Serverless.Inference.Lifecycle;
using Serverless.Models.Manifest;
using Serverless.SampleModels.Decoders;
using Serverless.TestKit;
using static Serverless.Inference.Tests.Generation.TinyGenerator;

namespace Serverless.Inference.Tests.Generation;

/// <summary>From a pushed package to its texts.</summary>
public sealed class GeneratorLoadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DecoderKind.GroupQuery, false)]
    [InlineData(DecoderKind.Optimum, false)]
    [InlineData(DecoderKind.GroupQuery, true)]
    [InlineData(DecoderKind.Optimum, true)]
    public async Task Acquire_PushedDecoder_GeneratesTheTokensOfTheExport(DecoderKind kind, bool half)
    {
        using var folder = new TemporaryFolder();
        await using var engine = new Engine(time: TimeProvider.System);
        var shape = DecoderShape.Tiny with { Kind = kind, Half = half };
        var graph = DecoderBuilder.WriteRandom(folder.Path, shape);
        await engine.PushFilesAsync("writer", ModelTasks.TextGeneration, graph);

        using var lease = await engine.Registry.AcquireAsync(ModelReference.Parse("writer"), Token);
        var generator = Assert.IsType<TextGenerator>(lease.Generator, exactMatch: false);
        var prompt = generator.Encode("In the beginning");
        var generation = generator.Start(Ask(8, [.. prompt]), RunTerms.Default, Token);
        var tokens = (await ReadAsync(generation)).SelectMany(piece => piece.Tokens).Select(token => token.Token).ToList();

        Assert.Equal(16, prompt.Count);
        Assert.Equal(256, generator.ContextLength);
        using var run = new Samples.DecoderRun(graph, shape);
        var logits = run.Next([.. prompt.Select(token => (long)token)])[^1];
        foreach (var token in tokens)
        {
            // Where two are as good as equal, either is right.
            Assert.InRange(logits.Max() - logits[token], 0, half ? 0.02 : 1e-4);
            logits = run.Next(token)[^1];
        }
    }

    [Fact]
    public async Task RunAsync_PlainTensorsIntoADecoder_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await using var engine = new Engine();
        await engine.PushFilesAsync("writer", ModelTasks.TextGeneration, DecoderBuilder.WriteRandom(folder.Path, DecoderShape.Tiny));
        using var lease = await engine.Registry.AcquireAsync(ModelReference.Parse("writer"), Token);

        var error = await Assert.ThrowsAsync<InferenceException>(
            async () => await lease.RunAsync([Engine.Int64("input_ids", [1, 1], 5)], ["logits"], RunTerms.Default, Token));

        Assert.Equal(ErrorKind.InvalidRequest, error.Error.Kind);
        Assert.Contains("/v1/completions", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_BudgetWithoutRoomForKeysAndValues_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await using var engine = new Engine(options => options.MemoryBudgetBytes = 4 << 20);
        engine.MemoryBytes = 3 << 20;
        await engine.PushFilesAsync("writer", ModelTasks.TextGeneration, DecoderBuilder.WriteRandom(folder.Path, DecoderShape.Tiny));

        var error = await Assert.ThrowsAsync<InferenceException>(
            () => engine.Registry.AcquireAsync(ModelReference.Parse("writer"), Token));

        Assert.Equal(ErrorKind.ModelUnavailable, error.Error.Kind);
    }

    [Fact]
    public async Task Unload_WhileATextRuns_LetsItFinish()
    {
        using var folder = new TemporaryFolder();
        await using var engine = new Engine();
        await engine.PushFilesAsync("writer", ModelTasks.TextGeneration, DecoderBuilder.WriteRandom(folder.Path, DecoderShape.Tiny));
        var lease = await engine.Registry.AcquireAsync(ModelReference.Parse("writer"), Token);
        var generation = lease.Generator!.Start(Ask(100, 1, 2, 3), RunTerms.Default, Token);
        engine.Registry.Unload(new ModelReference("writer"));

        Assert.Equal(FinishReason.Length, (await ReadAsync(generation))[^1].Finish);
        lease.Dispose();
        await Until.TrueAsync(() => engine.Registry.Status[0].State == ModelState.Unloaded);
    }
}

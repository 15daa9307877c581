using Serverless.Contracts.Models;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Shadowing;
using Serverless.Models.Aliases;
using Serverless.TestKit.Onnx;

namespace Serverless.Inference.Tests.Shadowing;

public sealed class ShadowTests : IAsyncDisposable
{
    private static readonly ModelReference Prod = new("m", Alias: "prod");

    // The engine's clock runs: a shadow waits for moments in which nobody else runs.
    private readonly Engine _engine = new(time: TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_WorseVersionInTheShadow_ReportsTheDifference()
    {
        await ShadowAsync(OnnxGraphs.Mlp(4, 16, 3, seed: 1), OnnxGraphs.Mlp(4, 16, 3, seed: 2));
        for (var i = 0; i < 20; i++)
            await MlpAsync(i);

        var report = await ReportAsync(report => report.Compared + report.Dropped == 20);

        Assert.Equal((1, 2, 0), (report.Version, report.Shadow, report.Failed));
        Assert.True(report.Compared > 0);
        Assert.True(report.MaxError > 1e-3);
        Assert.True(report.WorstCosine < 0.99);
        Assert.True(report.MeanCosine < 0.999);
        Assert.True(report.Top1 < 1);
        Assert.True(report.MeanShadowRun > TimeSpan.Zero);
    }

    [Fact]
    public async Task Run_SameVersionInTheShadow_ReportsNone()
    {
        await ShadowAsync(OnnxGraphs.Mlp(4, 16, 3), OnnxGraphs.Mlp(4, 16, 3));
        for (var i = 0; i < 20; i++)
            await MlpAsync(i);

        var report = await ReportAsync(report => report.Compared + report.Dropped == 20);

        Assert.Equal((0, 0d, 1d), (report.Failed, report.MaxError, report.Top1));
        Assert.Equal(1, report.WorstCosine!.Value, 1e-6);
    }

    [Fact]
    public async Task Run_SeveralRows_ComparesEachByItself()
    {
        await ShadowAsync(OnnxGraphs.Scale(2), OnnxGraphs.Scale(-2));
        using (var lease = await AcquireAsync())
        {
            using var outcome = await lease.RunAsync(
                [Engine.Fp32("x", [3, 2], 1, 2, 3, 4, -1, -2)], ["y"], RunTerms.Default, Token);
        }

        var report = await ReportAsync(report => report.Compared == 1);

        Assert.Equal((-1, -1, 0), (report.MeanCosine!.Value, report.WorstCosine!.Value, report.Top1!.Value));
        Assert.Equal(16, report.MaxError);
    }

    [Fact]
    public async Task Run_ShadowCannotBeLoaded_AnswersAllTheSame()
    {
        await ShadowAsync(OnnxGraphs.Scale(2), OnnxGraphs.Scale(3));
        var hash = await _engine.DamageAsync("m", 2);

        for (var i = 0; i < 5; i++)
            Assert.Equal(2, await ScaleAsync());

        var report = await ReportAsync(report => report.Failed + report.Dropped == 5);
        Assert.Equal(0, report.Compared);
        Assert.Contains(hash, report.LastFailure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ShadowTakesOtherInputs_AnswersAllTheSame()
    {
        await ShadowAsync(OnnxGraphs.Scale(2), OnnxGraphs.Mlp(4, 16, 3));

        Assert.Equal(2, await ScaleAsync());

        var report = await ReportAsync(report => report.Failed == 1);
        Assert.Contains("the model wants [-1,4]", report.LastFailure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ShadowIsStuckInItsLoad_DropsWhatCannotWait()
    {
        await ShadowAsync(OnnxGraphs.Scale(2), OnnxGraphs.Scale(3));
        _engine.Store.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        for (var i = 0; i < 50; i++)
            Assert.Equal(2, await ScaleAsync());
        _engine.Store.Gate.SetResult();

        var report = await ReportAsync(report => report.Compared + report.Dropped == 50);
        Assert.InRange(report.Dropped, 30, 50);
    }

    [Fact]
    public async Task Run_MainVersionIsInUse_LeavesItAlone()
    {
        await ShadowAsync(OnnxGraphs.Scale(2), OnnxGraphs.Scale(3));
        using var other = await _engine.Registry.AcquireAsync(Prod, Token);

        Assert.Equal(2, await ScaleAsync());

        var report = await ReportAsync(report => report.Dropped == 1);
        Assert.Equal(0, report.Compared);
        Assert.False(_engine.Registry.IsLoaded(new ModelReference("m", 2)));
    }

    [Fact]
    public async Task Load_ShadowEnded_UnloadsIt()
    {
        await ShadowAsync(OnnxGraphs.Scale(2), OnnxGraphs.Scale(3));
        await ScaleAsync();
        await ReportAsync(report => report.Compared == 1);
        await _engine.Store.SetShadowAsync("m", "prod", null, Token);

        await _engine.Registry.LoadAsync(Prod, Token);
        await ScaleAsync();

        Assert.False(_engine.Registry.IsLoaded(new ModelReference("m", 2)));
        Assert.Equal(1, Assert.Single(_engine.Registry.Shadows).Compared);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private async Task ShadowAsync(OnnxGraph main, OnnxGraph shadow)
    {
        await _engine.PushAsync("m", main.ToBytes());
        await _engine.PushAsync("m", shadow.ToBytes());
        await _engine.Store.SetAliasAsync("m", "prod", 1, null, Token);
        await _engine.Store.SetShadowAsync("m", "prod", new AliasShadow(2, 100), Token);
        await _engine.Registry.LoadAsync(Prod, Token);
    }

    private Task<ModelLease> AcquireAsync() => _engine.Registry.AcquireAsync(Prod, TrafficSlice.Random(), Token);

    private async Task<float> ScaleAsync()
    {
        using var lease = await AcquireAsync();
        return await Engine.ScaleOfOneAsync(lease);
    }

    private async Task MlpAsync(int seed)
    {
        var random = new Random(seed);
        using (var lease = await AcquireAsync())
        {
            using var outcome = await lease.RunAsync(
                [Engine.Fp32("x", [1, 4], [.. Enumerable.Range(0, 4).Select(_ => random.NextSingle() - 0.5f)])], ["y"], RunTerms.Default, Token);
        }

        // So that the next one does not find too many waiting.
        await Until.TrueAsync(() => _engine.Registry.Shadows.Sum(report => report.Compared + report.Dropped) > seed);
    }

    private async Task<ShadowReport> ReportAsync(Func<ShadowReport, bool> isThere)
    {
        await Until.TrueAsync(() => _engine.Registry.Shadows.Any(isThere));
        return Assert.Single(_engine.Registry.Shadows);
    }
}

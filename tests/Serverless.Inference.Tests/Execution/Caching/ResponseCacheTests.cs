using Serverless.Contracts.Models;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.TestKit.Onnx;

namespace Serverless.Inference.Tests.Execution.Caching;

public sealed class ResponseCacheTests : IAsyncDisposable
{
    private readonly Engine _engine = new(options => options.Serving = new ServingSettings { CacheBytes = 2000 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_EqualInputs_RunsOnce()
    {
        using var lease = await AcquireAsync();

        Assert.Equal((2f, 1), await RunAsync(lease, 1));
        Assert.Equal((2f, 0), await RunAsync(lease, 1));
        Assert.Equal((4f, 1), await RunAsync(lease, 2));

        var statistics = lease.Statistics;
        Assert.Equal((2, 1, 2), (statistics.ExecutionCount, statistics.CacheHit.Count, statistics.CacheMiss.Count));
    }

    [Fact]
    public async Task Run_EqualInputsAtOnce_OneRunsForAll()
    {
        using var lease = await AcquireAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => RunAsync(lease, 3), Token)));

        Assert.All(answers, answer => Assert.Equal(6f, answer.Value));
        Assert.Equal(1, lease.Statistics.ExecutionCount);
    }

    [Fact]
    public async Task Run_MoreThanTheBudget_ForgetsTheLeastRecentlyUsed()
    {
        using var lease = await AcquireAsync();

        // An answer takes 520 bytes: three fit.
        foreach (var value in new[] { 1, 2, 3, 1, 4 })
            await RunAsync(lease, value);

        Assert.Equal(0, (await RunAsync(lease, 1)).Rows);
        Assert.Equal(1, (await RunAsync(lease, 2)).Rows);
    }

    [Fact]
    public async Task Run_CacheTurnedOff_RunsEachTime()
    {
        using var lease = await AcquireAsync();
        await RunAsync(lease, 1);

        _engine.Registry.Change("scale", new ServingChange { CacheBytes = 0 });

        Assert.Equal(1, (await RunAsync(lease, 1)).Rows);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private async Task<ModelLease> AcquireAsync()
    {
        await _engine.PushAsync("scale", OnnxGraphs.Scale(2).ToBytes());
        return await _engine.Registry.AcquireAsync(new ModelReference("scale"), Token);
    }

    private static async Task<(float Value, int Rows)> RunAsync(ModelLease lease, float value)
    {
        using var outcome = await lease.RunAsync([Engine.Fp32("x", [1, 2], value, value)], ["y"], RunTerms.Default, Token);
        return (BitConverter.ToSingle(outcome.Outputs[0].Data), outcome.Rows);
    }
}

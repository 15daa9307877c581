using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Tensors;
using Serverless.TestKit.Onnx;

namespace Serverless.Inference.Tests.Execution;

public sealed class ModelInstanceTests : IAsyncDisposable
{
    // Far longer than any test: these runs end because they are cancelled.
    private const long Forever = 1_000_000_000;

    private readonly Engine _engine = new(options => options.Serving = new ServingSettings { QueueRows = 2 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_QueueFull_IsOverloadedAtOnce()
    {
        using var lease = await SlowAsync();
        using var stop = new CancellationTokenSource();
        // One may be running and two waiting: the fourth finds no room whatever the thread has got to.
        var runs = Enumerable.Range(0, 4).Select(_ => RunAsync(lease, Forever, stop.Token)).ToList();

        var refused = await Task.WhenAny(runs);
        var error = await Assert.ThrowsAsync<InferenceException>(() => refused);

        Assert.Equal(ErrorKind.Overloaded, error.Error.Kind);
        Assert.Contains("2 rows", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Error.RetryAfter);
        await stop.CancelAsync();
        runs.Remove(refused);
        foreach (var run in runs)
            await EndedAsync(run);
    }

    [Fact]
    public async Task Run_CallerLeavesWhileWaiting_CostsNothing()
    {
        using var lease = await SlowAsync();
        using var waited = new MetricCollector<double>(_engine.Meters, "Serverless.Inference", "serverless.inference.queue.duration");
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var running = RunAsync(lease, Forever, first.Token);
        await waited.WaitForMeasurementsAsync(1, Token);
        var waiting = RunAsync(lease, Forever, second.Token);

        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(6, await CountAsync(lease, 5));

        // Two were begun: the first and the last. The one in between never was.
        Assert.Equal(2, waited.GetMeasurementSnapshot().Count);
    }

    [Fact]
    public async Task Run_CallerLeavesWhileRunning_EndsTheRun()
    {
        using var lease = await SlowAsync();
        using var waited = new MetricCollector<double>(_engine.Meters, "Serverless.Inference", "serverless.inference.queue.duration");
        using var leaving = new CancellationTokenSource();
        var running = RunAsync(lease, Forever, leaving.Token);
        await waited.WaitForMeasurementsAsync(1, Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(4, await CountAsync(lease, 3));
    }

    [Fact]
    public async Task Run_DataThatTheGraphCannotTake_IsTheCallersFault()
    {
        await _engine.PushAsync("lookup", OnnxGraphs.Lookup().ToBytes());
        using var lease = await _engine.Registry.AcquireAsync(new ModelReference("lookup"), Token);

        var error = await Assert.ThrowsAsync<InferenceException>(
            () => lease.RunAsync([Engine.Int64("index", [1], 4)], ["value"], RunTerms.Default, Token).AsTask());
        using var next = await lease.RunAsync([Engine.Int64("index", [1], 3)], ["value"], RunTerms.Default, Token);

        Assert.Equal(ErrorKind.InvalidRequest, error.Error.Kind);
        Assert.Equal(40f, BitConverter.ToSingle(next.Outputs[0].Data));
    }

    [Fact]
    public async Task Run_SizesThatDoNotGoTogether_AreTheCallersFault()
    {
        await _engine.PushAsync("add", OnnxGraphs.Add().ToBytes());
        using var lease = await _engine.Registry.AcquireAsync(new ModelReference("add"), Token);

        var error = await Assert.ThrowsAsync<InferenceException>(() => lease.RunAsync(
            [Engine.Fp32("a", [2], 1, 2), Engine.Fp32("b", [3], 1, 2, 3)], ["sum"], RunTerms.Default, Token).AsTask());

        Assert.Equal(ErrorKind.InvalidRequest, error.Error.Kind);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private async Task<ModelLease> SlowAsync()
    {
        await _engine.PushAsync("slow", OnnxGraphs.Slow().ToBytes());
        return await _engine.Registry.AcquireAsync(new ModelReference("slow"), Token);
    }

    private static Task<RunOutcome> RunAsync(ModelLease lease, long steps, CancellationToken cancellationToken)
    {
        BufferTensor[] inputs = [Engine.Int64("count", [], steps), Engine.Fp32("start", [1], 1)];
        return lease.RunAsync(inputs, ["y"], RunTerms.Default, cancellationToken).AsTask();
    }

    private static async Task<float> CountAsync(ModelLease lease, long steps)
    {
        using var outcome = await RunAsync(lease, steps, Token);
        return BitConverter.ToSingle(outcome.Outputs[0].Data);
    }

    private static async Task EndedAsync(Task run) =>
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

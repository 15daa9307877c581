using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Lifecycle;

namespace Serverless.Inference.Tests.Lifecycle;

/// <summary>The states that a model goes through, and what operators see and do of them.</summary>
public sealed class ModelLifecycleTests : IAsyncDisposable
{
    private readonly Engine _engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Status_FromLoadToUnload_TellsEachState()
    {
        await _engine.PushScaleAsync("m", 2);
        Assert.Empty(_engine.Registry.Status);
        _engine.Store.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var loading = _engine.Registry.AcquireAsync(new ModelReference("m", 1), Token);
        await _engine.Store.CopyStarted.Task.WaitAsync(Token);
        Assert.Equal(ModelState.Loading, StateOf("m"));

        _engine.Store.Gate.SetResult();
        var lease = await loading;
        Assert.Equal(ModelState.Ready, StateOf("m"));

        Assert.True(_engine.Registry.Unload(new ModelReference("m")));
        Assert.Equal(ModelState.Draining, StateOf("m"));
        Assert.Equal(2, await Engine.ScaleOfOneAsync(lease));

        lease.Dispose();
        await Until.TrueAsync(() => StateOf("m") == ModelState.Unloaded);
        Assert.Contains("operator", _engine.Registry.Status[0].Reason, StringComparison.Ordinal);
        Assert.False(_engine.Registry.Unload(new ModelReference("m")));
        Assert.Equal(2, await _engine.ScaleOfOneAsync("m:1"));
    }

    [Fact]
    public async Task Acquire_WhileTheLastRequestsDrain_LoadsAnew()
    {
        await _engine.PushScaleAsync("m", 2);
        using var old = await _engine.Registry.AcquireAsync(new ModelReference("m", 1), Token);
        _engine.Registry.Unload(new ModelReference("m", 1));

        Assert.Equal(2, await _engine.ScaleOfOneAsync("m:1"));

        Assert.Equal(ModelState.Ready, StateOf("m"));
        Assert.Equal(2, await Engine.ScaleOfOneAsync(old));
        old.Dispose();
        Assert.Equal(ModelState.Ready, StateOf("m"));
    }

    [Fact]
    public async Task Status_DamagedVersion_IsFailedSayingWhy()
    {
        await _engine.PushScaleAsync("m", 2);
        var hash = await _engine.DamageAsync("m", 1);

        await Assert.ThrowsAsync<InferenceException>(() => _engine.ScaleOfOneAsync("m"));

        Assert.Equal(ModelState.Failed, StateOf("m"));
        Assert.Contains(hash, _engine.Registry.Status[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_NewVersionWithinTheRefreshInterval_IsServedAtOnce()
    {
        await _engine.PushScaleAsync("m", 2);
        Assert.Equal(2, await _engine.ScaleOfOneAsync("m"));
        await _engine.PushScaleAsync("m", 3);

        await _engine.Registry.LoadAsync(new ModelReference("m"), Token);

        Assert.Equal(3, await _engine.ScaleOfOneAsync("m"));
    }

    [Fact]
    public async Task Load_ModelThatDoesNotExist_IsNotFound()
    {
        var error = await Assert.ThrowsAsync<InferenceException>(() => _engine.Registry.LoadAsync(new ModelReference("nobody"), Token));

        Assert.Equal(ErrorKind.ModelNotFound, error.Error.Kind);
    }

    [Fact]
    public async Task Acquire_First_ReportsStagesAndBytes()
    {
        using var bytes = new MetricCollector<long>(_engine.Meters, "Serverless.Inference", "serverless.inference.load.bytes");
        using var stages = new MetricCollector<double>(_engine.Meters, "Serverless.Inference", "serverless.inference.load.duration");
        await _engine.PushScaleAsync("m", 2);
        using var lease = await _engine.Registry.AcquireAsync(new ModelReference("m"), Token);

        var timings = lease.TakeLoadTimings();

        Assert.Equal(["fetch", "decode", "session", "warmup"], timings!.Stages.Select(stage => stage.Name));
        Assert.Equal(lease.Manifest.TotalStoredSize, timings.BytesTotal);
        Assert.Equal(0, timings.BytesFromCache);
        Assert.Null(lease.TakeLoadTimings());
        Assert.Equal(timings.BytesTotal, bytes.GetMeasurementSnapshot().Sum(measured => measured.Value));
        Assert.Equal(
            ["fetch", "decode", "session", "warmup"], stages.GetMeasurementSnapshot().Select(measured => measured.Tags["stage"]));
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private ModelState StateOf(string name) => _engine.Registry.Status.Single(status => status.Name == name).State;
}

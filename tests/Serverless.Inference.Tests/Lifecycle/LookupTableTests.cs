using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Tests.Onnx.Preparation;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Tests.Lifecycle;

/// <summary>Models whose session is built while their look-up tables still come in.</summary>
public sealed class LookupTableTests : IAsyncDisposable
{
    private readonly Engine _engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Acquire_TableComesLate_IsServedOnceItIsThere()
    {
        await _engine.PushAsync("m", PreparedGraphs.Embedding().ToBytes());
        var gate = HoldTable();

        var acquired = _engine.Registry.AcquireAsync(ModelReference.Parse("m"), Token);
        await _engine.Store.CopyStarted.Task.WaitAsync(Token);
        Assert.False(acquired.IsCompleted);
        Assert.Equal(ModelState.Loading, _engine.Registry.Status.Single().State);
        gate.SetResult();

        using var lease = await acquired;
        using var ids = Engine.Int64("ids", [2], 5, 5);
        using var outcome = await lease.RunAsync([ids], ["y"], RunTerms.Default, Token);
        var answer = outcome.Outputs[0].Data;
        Assert.True(answer[..64].SequenceEqual(answer[64..]));
        Assert.False(answer[..64].IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public async Task Acquire_TableDamaged_IsRefusedByName()
    {
        await _engine.PushAsync("m", PreparedGraphs.Embedding().ToBytes());
        var hash = await _engine.DamageAsync("m", (await ManifestAsync()).Chunks[^1]);

        var refused = await Assert.ThrowsAsync<InferenceException>(() => _engine.Registry.AcquireAsync(ModelReference.Parse("m:1"), Token));

        Assert.Contains(hash, refused.Message, StringComparison.Ordinal);
        Assert.Equal(ModelState.Failed, _engine.Registry.Status.Single().State);
    }

    [Fact]
    public async Task Acquire_GraphDamaged_IsRefusedWithoutWaitingForTheTable()
    {
        await _engine.PushAsync("m", PreparedGraphs.Embedding().ToBytes());
        var hash = await _engine.DamageAsync("m", 1);
        HoldTable();

        var refused = await Assert.ThrowsAsync<InferenceException>(() => _engine.Registry.AcquireAsync(ModelReference.Parse("m:1"), Token));

        Assert.Contains(hash, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_SessionCannotBeBuilt_IsRefusedSayingWhyWithoutWaitingForTheTable()
    {
        _engine.GraphInstead = [1, 2, 3];
        await _engine.PushAsync("m", PreparedGraphs.Embedding().ToBytes());
        HoldTable();

        var refused = await Assert.ThrowsAsync<InferenceException>(() => _engine.Registry.AcquireAsync(ModelReference.Parse("m:1"), Token));

        Assert.Contains("protobuf", refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private TaskCompletionSource HoldTable()
    {
        _engine.Store.Gated = content => content is WeightChunk { Offset: > 0 };
        return _engine.Store.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private async Task<ModelManifest> ManifestAsync() => (await _engine.Store.FindManifestAsync("m", 1, Token))!;
}

using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Lifecycle;
using Serverless.Models.Caching;
using Serverless.TestKit;

namespace Serverless.Inference.Tests.Lifecycle;

/// <summary>Versions that the local cache has: their load begins before the store has said that they still exist.</summary>
public sealed class RecalledVersionTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine;

    public RecalledVersionTests() =>
        _engine = new Engine(options => options.Cache = new PackageCacheOptions(_folder.File("cache"), 1 << 30));

    private static ModelReference Name { get; } = new("m");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Acquire_StoreSlowToAnswer_LoadsMeanwhileAndServesNothingBefore()
    {
        await PushAndUnloadAsync(2);
        var gate = _engine.Store.ManifestGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var acquired = _engine.ScaleOfOneAsync("m:1");
        await Until.TrueAsync(() => _engine.Registry.Status.Single().State == ModelState.WarmingUp);

        Assert.False(acquired.IsCompleted);
        gate.SetResult();
        Assert.Equal(2, await acquired);
    }

    [Fact]
    public async Task Acquire_DeletedFromTheStore_IsNotFound()
    {
        await PushAndUnloadAsync(2);
        await _engine.Store.DeleteVersionAsync("m", 1, Token);

        Assert.Equal(ErrorKind.ModelNotFound, (await RefusedAsync()).Kind);
        Assert.Null(_engine.Recall("m", 1));
    }

    [Fact]
    public async Task Acquire_OtherContentUnderTheSameVersion_ServesWhatTheStoreHas()
    {
        await PushAndUnloadAsync(2);
        _engine.EmptyStore();
        Assert.Equal(1, await _engine.PushScaleAsync("m", 3));

        Assert.Equal(3, await _engine.ScaleOfOneAsync("m:1"));
        await Until.TrueAsync(() => _engine.Recall("m", 1)?.Digest == Published());

        string? Published() => _engine.Store.FindManifestAsync("m", 1, Token).Result?.Digest;
    }

    [Fact]
    public async Task Acquire_RememberedManifestDamaged_AsksTheStore()
    {
        await PushAndUnloadAsync(2);
        foreach (var file in Directory.EnumerateFiles(_folder.File("cache"), "*.json", SearchOption.AllDirectories))
            await File.WriteAllTextAsync(file, "{", Token);

        Assert.Null(_engine.Recall("m", 1));
        Assert.Equal(2, await _engine.ScaleOfOneAsync("m:1"));
    }

    [Fact]
    public async Task Acquire_NameThatStoodForAVersionBefore_LoadsItWhileTheStoreIsAsked()
    {
        await PushAndUnloadAsync(2);
        _engine.Packages.Keep(Name, 1);
        var gate = _engine.Store.ListGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var acquired = _engine.ScaleOfOneAsync("m");
        await Until.TrueAsync(() => _engine.Registry.Status.Single().State == ModelState.Ready);

        Assert.False(acquired.IsCompleted);
        gate.SetResult();
        Assert.Equal(2, await acquired);
    }

    [Fact]
    public async Task Acquire_NameStandsForAnotherVersionNow_ServesThatAndUnloadsTheOther()
    {
        await PushAndUnloadAsync(2);
        await _engine.PushScaleAsync("m", 3);
        _engine.Packages.Keep(Name, 1);

        Assert.Equal(3, await _engine.ScaleOfOneAsync("m"));
        await Until.TrueAsync(() => _engine.Registry.Status.Single(model => model.Version == 1).State == ModelState.Unloaded);
        Assert.Equal(2, _engine.Packages.Recall(Name));
    }

    [Fact]
    public async Task Acquire_NameStoodForWhatIsGone_ServesWhatThereIs()
    {
        await _engine.PushScaleAsync("m", 2);
        _engine.Packages.Keep(Name, 7);

        Assert.Equal(2, await _engine.ScaleOfOneAsync("m"));
        Assert.Equal(1, _engine.Packages.Recall(Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1x")]
    [InlineData("99999999999")]
    public async Task Recall_FileDamaged_IsNothing(string content)
    {
        _engine.Packages.Keep(Name, 1);
        await File.WriteAllTextAsync(Directory.EnumerateFiles(_folder.File("cache"), "*", SearchOption.AllDirectories).Single(), content, Token);

        Assert.Null(_engine.Packages.Recall(Name));
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<InferenceError> RefusedAsync() =>
        (await Assert.ThrowsAsync<InferenceException>(() => _engine.ScaleOfOneAsync("m:1"))).Error;

    private async Task PushAndUnloadAsync(float factor)
    {
        await _engine.PushScaleAsync("m", factor);
        Assert.Equal(factor, await _engine.ScaleOfOneAsync("m:1"));
        await Until.TrueAsync(() => _engine.Recall("m", 1) is not null);
        _engine.Registry.Unload(new ModelReference("m", 1));
        await Until.TrueAsync(() => _engine.Registry.Status.Single().State == ModelState.Unloaded);
    }
}

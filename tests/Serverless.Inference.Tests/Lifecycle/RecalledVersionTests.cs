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
        var gate = _engine.Store.ListGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var acquired = _engine.ScaleOfOneAsync("m");
        await Until.TrueAsync(() => StateOf(1) == ModelState.Ready);
        gate.SetResult();

        Assert.Equal(3, await acquired);
        await Until.TrueAsync(() => StateOf(1) == ModelState.Unloaded);
        await Until.TrueAsync(() => _engine.Packages.Recall(Name) == 2);
    }

    [Fact]
    public async Task Acquire_NameWrongButSomebodyElseLoadedTheVersion_LeavesItAlone()
    {
        await PushAndUnloadAsync(2);
        await _engine.ScaleOfOneAsync("m:1");
        await _engine.PushScaleAsync("m", 3);
        _engine.Packages.Keep(Name, 1);

        Assert.Equal(3, await _engine.ScaleOfOneAsync("m"));
        await Until.TrueAsync(() => _engine.Packages.Recall(Name) == 2);
        Assert.Equal(ModelState.Ready, StateOf(1));
    }

    [Fact]
    public async Task Acquire_NewestCannotBeLoaded_ServesTheGuessedOneWithoutLoadingItAgain()
    {
        await PushAndUnloadAsync(2);
        await _engine.PushScaleAsync("m", 3);
        await _engine.DamageAsync("m", 2);
        _engine.Packages.Keep(Name, 1);

        Assert.Equal(2, await _engine.ScaleOfOneAsync("m"));
        await Until.TrueAsync(() => _engine.Packages.Recall(Name) == 1);
        Assert.Equal(ModelState.Ready, StateOf(1));
        Assert.DoesNotContain(_engine.Log.GetSnapshot(), entry => entry.Message.Contains("Another version is served", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Acquire_NameThatIsGone_IsForgotten()
    {
        var alias = new ModelReference("m", Alias: "prod");
        await PushAndUnloadAsync(2);
        _engine.Packages.Keep(alias, 1);
        Assert.Equal(1, _engine.Packages.Recall(alias));

        var refused = await Assert.ThrowsAsync<InferenceException>(() => _engine.ScaleOfOneAsync("m:prod"));

        Assert.Equal(ErrorKind.ModelNotFound, refused.Error.Kind);
        await Until.TrueAsync(() => _engine.Packages.Recall(alias) is null);
        await Until.TrueAsync(() => StateOf(1) == ModelState.Unloaded);
    }

    [Fact]
    public async Task Recall_PackageIsNotKept_IsNothing()
    {
        await PushAndUnloadAsync(2);
        _engine.Packages.Keep(Name, 1);
        Assert.Equal(1, _engine.Packages.Recall(Name));
        var manifest = _engine.Recall("m", 1)!;

        foreach (var folder in Directory.GetDirectories(_folder.File("cache")).Where(folder => Path.GetFileName(folder) is not ("manifests" or "references")))
            Directory.Delete(folder, recursive: true);

        Assert.Null(_engine.Packages.Recall(Name));
        Assert.Equal(manifest.Digest, _engine.Recall("m", 1)?.Digest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1x")]
    [InlineData("99999999999")]
    public async Task Recall_FileDamaged_IsNothing(string content)
    {
        await PushAndUnloadAsync(2);
        _engine.Packages.Keep(Name, 1);
        await File.WriteAllTextAsync(Directory.EnumerateFiles(_folder.File("cache/references")).Single(), content, Token);

        Assert.Null(_engine.Packages.Recall(Name));
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    private ModelState StateOf(int version) => _engine.Registry.Status.Single(model => model.Version == version).State;

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

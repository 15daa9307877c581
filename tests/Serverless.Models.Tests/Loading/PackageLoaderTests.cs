using Serverless.Models.Caching;
using Serverless.Models.Integrity;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;
using Serverless.Models.Memory;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;

namespace Serverless.Models.Tests.Loading;

/// <summary>Loads that end when a session can be built, while look-up tables come in.</summary>
public sealed class PackageLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Packages _packages = new();
    private readonly ModelStore _store;
    private readonly WatchedStore _watched;

    public PackageLoaderTests()
    {
        _store = new ModelStore(new DirectoryObjectStorage(_folder.File("store")), TimeProvider.System);
        _watched = new WatchedStore(_store);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Begin_TableHeldUp_EndsBeforeAndTheRestArrives(bool cached)
    {
        var draft = _packages.Weights("m", 1, 1_100_000, 3, lookups: 1);
        var manifest = await new ModelPublisher(_store).PublishAsync(draft, cancellationToken: Token);
        var gate = HoldTable(manifest);
        var cache = cached ? new PackageCacheOptions(_folder.File("cache"), 1L << 30) : null;
        var loader = new PackageLoader(_watched, cache);
        var expected = await File.ReadAllBytesAsync(draft.WeightsFile!, Token);

        using var package = await loader.BeginAsync(manifest, WeightsPlace.Memory, Token);

        Assert.False(package.Arrival.IsCompleted);
        Assert.Equal("graph", System.Text.Encoding.UTF8.GetString(package.Graph.Span));
        Assert.All(manifest.Weights.Where(tensor => !tensor.Lookup), AssertThere);
        gate.SetResult();
        await package.Arrival;
        Assert.All(manifest.Weights, AssertThere);
        await package.Cached;
        if (cached)
        {
            using var again = await loader.BeginAsync(manifest, WeightsPlace.Memory, Token);
            Assert.Equal(manifest.TotalStoredSize, (await again.Arrival).BytesFromCache);
        }

        void AssertThere(WeightTensor tensor) => Assert.True(
            Native.Bytes(package.AddressOf(tensor), tensor.Length).SequenceEqual(expected.AsSpan((int)tensor.Offset, (int)tensor.Length)),
            tensor.Name);
    }

    [Fact]
    public async Task Begin_TableDamaged_FailsOnArrivalAndIsNotCached()
    {
        var manifest = await PublishAsync();
        var gate = HoldTable(manifest, static _ => new MemoryStream([1, 2, 3]));
        var cache = new PackageCacheOptions(_folder.File("cache"), 1L << 30);
        using var package = await new PackageLoader(_watched, cache).BeginAsync(manifest, WeightsPlace.Memory, Token);

        gate.SetResult();
        var error = await Assert.ThrowsAsync<ModelIntegrityException>(() => package.Arrival);

        Assert.Contains($"m:1, chunk {manifest.Chunks.Count - 1} ", error.Message, StringComparison.Ordinal);
        await package.Cached;
        Assert.Null(new PackageLoader(_store, cache).Recall("m", 1));
    }

    [Fact]
    public async Task Dispose_BeforeTheRestArrived_StopsIt()
    {
        var manifest = await PublishAsync();
        HoldTable(manifest);
        var package = await new PackageLoader(_watched).BeginAsync(manifest, WeightsPlace.Memory, Token);

        package.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => package.Arrival.WaitAsync(TimeSpan.FromSeconds(30), Token));
    }

    [Fact]
    public async Task StoreLoad_RunAgain_LoadsAgain()
    {
        var manifest = await PublishAsync();
        var load = new StoreLoad(_store, TimeProvider.System);
        using var block = new NativeBlock(manifest.WeightsSize);

        for (var run = 0; run < 2; run++)
            await load.RunAsync(manifest, block.Address, Token);

        Assert.True(load.SessionParts.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Begin_IntoAFile_WaitsForTheTable()
    {
        var manifest = await PublishAsync();
        var gate = HoldTable(manifest);

        var begun = new PackageLoader(_watched).BeginAsync(manifest, WeightsPlace.File, Token);
        await Task.Delay(50, Token);
        Assert.False(begun.IsCompleted);
        gate.SetResult();

        using var package = await begun;
        Assert.True(package.Arrival.IsCompletedSuccessfully);
    }

    public void Dispose()
    {
        _packages.Dispose();
        _folder.Dispose();
    }

    private Task<ModelManifest> PublishAsync() => new ModelPublisher(_store).PublishAsync(
        _packages.Weights("m", 1, 1_100_000, 3, lookups: 1), cancellationToken: Token);

    private TaskCompletionSource HoldTable(ModelManifest manifest, Func<Stream, Stream>? instead = null)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var table = manifest.Chunks[^1];
        Assert.Equal(manifest.LookupsOffset, table.Offset);
        _watched.Instead = (_, stream) => stream.Length == table.StoredSize ? new HeldStream(instead?.Invoke(stream) ?? stream, gate.Task) : stream;
        return gate;
    }

    private sealed class HeldStream(Stream inner, Task gate) : WrappedStream(inner)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await gate.WaitAsync(cancellationToken);
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}

using Microsoft.Extensions.Time.Testing;
using Serverless.Models.Caching;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;

namespace Serverless.Models.Tests.Caching;

public sealed class PackageCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Packages _packages = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly ModelStore _store;
    private readonly WatchedStore _watched;

    public PackageCacheTests()
    {
        _store = new ModelStore(new DirectoryObjectStorage(_folder.File("store")), TimeProvider.System);
        _watched = new WatchedStore(_store);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Cache => _folder.File("cache");

    [Theory]
    [InlineData(WeightsPlace.Memory)]
    [InlineData(WeightsPlace.File)]
    public async Task Load_SecondTime_ReadsNothingFromTheStore(WeightsPlace place)
    {
        var draft = _packages.Weights("m", 1);
        var manifest = await PublishAsync(draft);
        using (var first = await LoadAsync(manifest, place))
        {
            await first.Cached;
            AssertWhole(first, draft);
            Assert.Equal(0, (await first.Arrival).BytesFromCache);
        }

        var opened = _watched.Opened;
        using var second = await LoadAsync(manifest, place);

        Assert.Equal(opened, _watched.Opened);
        Assert.Equal(manifest.TotalStoredSize, (await second.Arrival).BytesFromCache);
        Assert.NotNull(second.WeightsPath);
        AssertWhole(second, draft);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Load_ToAFile_IsInAFileOfTheRightName(bool cached)
    {
        var draft = _packages.Weights("m", 2);
        var manifest = await PublishAsync(draft);

        string path;
        using (var package = await Loader(cached ? 1L << 30 : null).LoadAsync(manifest, WeightsPlace.File, Token))
        {
            path = package.WeightsPath!;
            Assert.Equal(LoadedPackage.WeightsFileName, Path.GetFileName(path));
            Assert.Equal(await File.ReadAllBytesAsync(draft.WeightsFile!, Token), await File.ReadAllBytesAsync(path, Token));
            AssertWhole(package, draft);
        }

        Assert.Equal(cached, File.Exists(path));
    }

    [Theory]
    [InlineData(WeightsPlace.Memory)]
    [InlineData(WeightsPlace.File)]
    public async Task Load_NoWeights_Works(WeightsPlace place)
    {
        var manifest = await PublishAsync(_packages.Graph("m", "only a graph", "words"));
        for (var run = 0; run < 2; run++)
        {
            using var package = await LoadAsync(manifest, place);
            await package.Cached;
            Assert.Equal("words", System.Text.Encoding.UTF8.GetString(package.FileOf("vocab.txt").Span));
        }
    }

    [Fact]
    public async Task Load_SameContentInAnotherVersion_SharesTheEntry()
    {
        var draft = _packages.Weights("m", 3);
        await KeepAsync(await PublishAsync(draft));
        var opened = _watched.Opened;

        await KeepAsync(await PublishAsync(draft with { Labels = new Dictionary<string, string> { ["a"] = "b" } }));

        Assert.Equal(opened, _watched.Opened);
        Assert.Single(Entries());
    }

    [Theory]
    [InlineData("weights.bin")]
    [InlineData("files/model.onnx")]
    [InlineData("entry.json")]
    public async Task Load_EntryWasDamaged_IsLoadedAgain(string file)
    {
        var draft = _packages.Weights("m", 4);
        var manifest = await PublishAsync(draft);
        await KeepAsync(manifest);
        var damaged = Path.Combine(Entries().Single(), file);
        var bytes = await File.ReadAllBytesAsync(damaged, Token);

        foreach (var content in new[] { bytes[..^1], [.. bytes, 0], Flip(bytes) })
        {
            await File.WriteAllBytesAsync(damaged, content, Token);
            var opened = _watched.Opened;
            using var package = await LoadAsync(manifest, WeightsPlace.Memory);
            await package.Cached;
            AssertWhole(package, draft);
            Assert.True(_watched.Opened > opened || file == "entry.json");
        }
    }

    [Fact]
    public async Task Load_FirstTimeAfterTheMachineStarted_IsHashedOnce()
    {
        var draft = _packages.Weights("m", 5);
        var manifest = await PublishAsync(draft);
        await KeepAsync(manifest);
        RestartMachine();
        using (var whole = await LoadAsync(manifest, WeightsPlace.Memory))
            Assert.Equal(manifest.TotalStoredSize, (await whole.Arrival).BytesFromCache);

        RestartMachine();
        DamageUnseen();
        using var damaged = await LoadAsync(manifest, WeightsPlace.Memory);

        await damaged.Cached;
        Assert.Equal(0, (await damaged.Arrival).BytesFromCache);
        AssertWhole(damaged, draft);
    }

    [Fact]
    public async Task Load_VerifyEveryHit_FindsWhatTimesDoNotTell()
    {
        var draft = _packages.Weights("m", 6);
        var manifest = await PublishAsync(draft);
        await KeepAsync(manifest);
        DamageUnseen();
        var options = new PackageCacheOptions(Cache, 1L << 30) { VerifyEveryHit = true };

        using var package = await new PackageLoader(_watched, options, _time).LoadAsync(manifest, WeightsPlace.Memory, Token);

        await package.Cached;
        Assert.Equal(0, (await package.Arrival).BytesFromCache);
        AssertWhole(package, draft);
    }

    [Fact]
    public async Task Load_BudgetIsFull_EvictsWhatWasUsedLongestAgo()
    {
        var manifests = new List<ModelManifest>();
        for (var i = 0; i < 3; i++)
            manifests.Add(await PublishAsync(_packages.Weights($"m{i}", i)));
        var budget = (manifests[0].TotalSize * 2) + 100_000;
        foreach (var manifest in new[] { manifests[0], manifests[1], manifests[0], manifests[2] })
        {
            await KeepAsync(manifest, budget);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(2, Entries().Length);
        var opened = _watched.Opened;
        await KeepAsync(manifests[0], budget);
        await KeepAsync(manifests[2], budget);
        Assert.Equal(opened, _watched.Opened);
        await KeepAsync(manifests[1], budget);
        Assert.NotEqual(opened, _watched.Opened);
    }

    [Fact]
    public async Task Load_EntryInUse_IsNotEvicted()
    {
        var first = await PublishAsync(_packages.Weights("m0", 1));
        var second = await PublishAsync(_packages.Weights("m1", 2));
        var budget = first.TotalSize + 100_000;
        await KeepAsync(first, budget);
        using var used = await Loader(budget).LoadAsync(first, WeightsPlace.File, Token);
        _time.Advance(TimeSpan.FromMinutes(1));

        await KeepAsync(second, budget);

        Assert.True(File.Exists(used.WeightsPath));
    }

    [Fact]
    public async Task Load_LargerThanTheBudget_IsNotKept()
    {
        var draft = _packages.Weights("m", 7);
        var manifest = await PublishAsync(draft);
        foreach (var place in new[] { WeightsPlace.Memory, WeightsPlace.File })
        {
            using var package = await Loader(1000).LoadAsync(manifest, place, Token);
            await package.Cached;
            AssertWhole(package, draft);
        }

        Assert.False(Directory.Exists(Cache));
    }

    [Fact]
    public async Task Load_ManyAtOnce_AllAreWholeAndOneEntryStays()
    {
        var draft = _packages.Weights("m", 8);
        var manifest = await PublishAsync(draft);

        await Parallel.ForAsync(0, 16, Token, async (i, token) =>
        {
            using var package = await Loader(1L << 30).LoadAsync(manifest, (WeightsPlace)(i % 2), token);
            AssertWhole(package, draft);
            await package.Cached;
        });

        Assert.Single(Entries());
        Assert.Empty(Directory.GetDirectories(Path.Combine(Cache, "tmp")));
    }

    [Fact]
    public async Task Load_DisposedBeforeItIsKept_IsKeptWhole()
    {
        var draft = _packages.Weights("m", 9, 600_000);
        var manifest = await PublishAsync(draft);
        var package = await LoadAsync(manifest, WeightsPlace.Memory);
        package.Dispose();
        await package.Cached;

        using var second = await LoadAsync(manifest, WeightsPlace.Memory);

        Assert.Equal(manifest.TotalStoredSize, (await second.Arrival).BytesFromCache);
        AssertWhole(second, draft);
        Assert.Throws<ObjectDisposedException>(() => package.AddressOf(manifest.Weights[0]));
    }

    [Fact]
    public async Task Load_FolderCannotBeWritten_StillLoads()
    {
        await File.WriteAllTextAsync(Cache, "not a folder", Token);
        var draft = _packages.Weights("m", 10);

        using var package = await LoadAsync(await PublishAsync(draft), WeightsPlace.Memory);

        AssertWhole(package, draft);
        await Assert.ThrowsAnyAsync<IOException>(() => package.Cached);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _packages.Dispose();
    }

    private Task<ModelManifest> PublishAsync(PackageDraft draft) =>
        new ModelPublisher(_store).PublishAsync(draft, cancellationToken: Token);

    private PackageLoader Loader(long? budget) =>
        new(_watched, budget is { } bytes ? new PackageCacheOptions(Cache, bytes) : null, _time);

    private Task<LoadedPackage> LoadAsync(ModelManifest manifest, WeightsPlace place) => Loader(1L << 30).LoadAsync(manifest, place, Token);

    private async Task KeepAsync(ModelManifest manifest, long budget = 1L << 30)
    {
        using var package = await Loader(budget).LoadAsync(manifest, WeightsPlace.Memory, Token);
        await package.Cached;
    }

    private string[] Entries() => Directory.GetDirectories(Path.Combine(Cache, "entries"));

    private void RestartMachine()
    {
        var stamp = Path.Combine(Entries().Single(), "entry.json");
        File.WriteAllText(stamp, File.ReadAllText(stamp).Replace(BootId.Current!, "another run", StringComparison.Ordinal));
    }

    // As a disk does it: the bytes change, the times do not.
    private void DamageUnseen()
    {
        var weights = Path.Combine(Entries().Single(), "weights.bin");
        var changed = File.GetLastWriteTimeUtc(weights);
        File.WriteAllBytes(weights, Flip(File.ReadAllBytes(weights)));
        File.SetLastWriteTimeUtc(weights, changed);
    }

    private static byte[] Flip(byte[] bytes)
    {
        var flipped = bytes.ToArray();
        flipped[bytes.Length / 2] ^= 1;
        return flipped;
    }

    private static void AssertWhole(LoadedPackage package, PackageDraft draft)
    {
        var expected = File.ReadAllBytes(draft.WeightsFile!);
        foreach (var tensor in draft.Weights)
        {
            var actual = Native.Bytes(package.AddressOf(tensor), tensor.Length);
            Assert.Equal(0, package.AddressOf(tensor) % WeightTensor.Alignment);
            Assert.True(actual.SequenceEqual(expected.AsSpan((int)tensor.Offset, (int)tensor.Length)), tensor.Name);
        }

        Assert.True(package.Graph.Span.SequenceEqual(File.ReadAllBytes(draft.GraphFile)));
    }
}

using Serverless.Models.Caching;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;
using Serverless.TestKit;

namespace Serverless.Models.Tests;

/// <summary>Processes die in the middle of their work; what they leave behind must be of no consequence.</summary>
public sealed class KillTests : IDisposable
{
    private const int TensorFloats = 1_100_032;
    private readonly TemporaryFolder _folder = new();
    private readonly string _graph;
    private readonly string _weights;
    private readonly byte[] _bytes = new byte[TensorFloats * sizeof(float) * 4];

    public KillTests()
    {
        _graph = _folder.File("model.onnx");
        _weights = _folder.File("weights");
        // Noise has one codec, so that a retry makes the same objects whatever it measures.
        new Random(1).NextBytes(_bytes);
        File.WriteAllText(_graph, "graph");
        File.WriteAllBytes(_weights, _bytes);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Folder => _folder.File("store");

    private string Cache => _folder.File("cache");

    // A push says a line when a content is encoded and another when it is stored: up to two for the graph, eight for the chunks, and one
    // at its end.
    [Fact]
    public async Task Push_KilledAnywhere_LeavesNothingHalfAndCompletesWhenRetried()
    {
        var store = new ModelStore(new DirectoryObjectStorage(Folder), TimeProvider.System);
        foreach (var lines in new[] { 1, 3, 5, 8, 10, 99 })
        {
            var last = await DriverProcess.KillAfterAsync(lines, Token, "push", Folder, _graph, _weights);
            Assert.True(lines != 99 || last == "published", last);
            foreach (var version in await store.ListVersionsAsync("m", Token))
                await AssertWholeAsync(store, version, cache: null);
        }

        // Each content once, however many versions came through before they were killed.
        Assert.NotEmpty(await store.ListVersionsAsync("m", Token));
        Assert.Equal(5, Directory.GetFiles(Path.Combine(Folder, "m", "blobs"), "*").Count(file => Path.GetExtension(file) != ".tmp"));
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public async Task Load_KilledAnywhere_NeverLeavesAHalfEntryInUse(string place)
    {
        await DriverProcess.KillAfterAsync(99, Token, "push", Folder, _graph, _weights);
        var store = new ModelStore(new DirectoryObjectStorage(Folder), TimeProvider.System);
        for (var lines = 1; lines <= 3; lines++)
        {
            await DriverProcess.KillAfterAsync(lines, Token, "load", Folder, Cache, place);
            var entry = Path.Combine(Cache, "entries");
            var left = Directory.Exists(entry) ? Directory.GetDirectories(entry) : [];
            Assert.Equal(lines == 3 ? 1 : left.Length, left.Length);
            foreach (var folder in left)
                Assert.Equal(_bytes, await File.ReadAllBytesAsync(Path.Combine(folder, LoadedPackage.WeightsFileName), Token));
        }

        await AssertWholeAsync(store, 1, new PackageCacheOptions(Cache, 1L << 30));
    }

    public void Dispose() => _folder.Dispose();

    private async Task AssertWholeAsync(ModelStore store, int version, PackageCacheOptions? cache)
    {
        var manifest = await store.FindManifestAsync("m", version, Token);
        using var package = await new PackageLoader(store, cache).LoadAsync(manifest!, WeightsPlace.Memory, Token);
        var all = new WeightTensor("", "uint8", [], 0, _bytes.Length);
        Assert.True(Native.Bytes(package.AddressOf(all), _bytes.Length).SequenceEqual(_bytes));
    }
}

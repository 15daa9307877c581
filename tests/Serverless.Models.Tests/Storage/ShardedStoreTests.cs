using Microsoft.Extensions.Configuration;
using Serverless.Models.Integrity;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;

namespace Serverless.Models.Tests.Storage;

public sealed class ShardedStoreTests : ModelStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private readonly Packages _packages = new();

    private string[] Folders => [_folder.File("a"), _folder.File("b"), _folder.File("c")];

    private protected override IObjectStorage Storage =>
        new ShardedObjectStorage([.. Folders.Select(folder => new DirectoryObjectStorage(folder))]);

    [Fact]
    public async Task Load_ContentsOnSeveralShards_ReadsThemAll()
    {
        var store = Open(Folders);
        var manifest = await PublishAsync(store);

        using var package = await new PackageLoader(store).LoadAsync(manifest, WeightsPlace.Memory, Token);

        Assert.All(Folders, folder => Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder, "m", "blobs"))));
        Assert.Equal(manifest.Contents().Count(), Folders.Sum(folder => Directory.GetFiles(Path.Combine(folder, "m", "blobs")).Length));
        Assert.False(Directory.Exists(Path.Combine(Folders[1], "m", "versions")));
    }

    [Fact]
    public async Task Load_AShardJoinedSince_StillFindsEverything()
    {
        var manifest = await PublishAsync(Open(Folders[..2]));

        using var package = await new PackageLoader(Open(Folders)).LoadAsync(manifest, WeightsPlace.Memory, Token);

        Assert.Equal(manifest.Name, package.Manifest.Name);
    }

    [Fact]
    public async Task Load_AShardIsLost_NamesTheChunkAndTheShard()
    {
        var manifest = await PublishAsync(Open(Folders));
        IReadOnlyList<IObjectStorage> shards =
            [new DirectoryObjectStorage(Folders[0]), new DirectoryObjectStorage(Folders[1]), new LostStorage(Folders[2])];

        var error = await Assert.ThrowsAsync<ModelReadException>(() => new PackageLoader(
            new ModelStore(new ShardedObjectStorage(shards), TimeProvider.System)).LoadAsync(manifest, WeightsPlace.Memory, Token));

        Assert.Matches("^m:1, (chunk [0-9]+|file '[a-z0-9.]+') cannot be read from ", error.Message);
        Assert.EndsWith($"the shard {Folders[2]} is lost: no route to host", error.Message, StringComparison.Ordinal);
    }

    public override void Dispose()
    {
        base.Dispose();
        _folder.Dispose();
        _packages.Dispose();
    }

    private static IModelStore Open(string[] folders) =>
        ModelStores.Open(string.Join(';', folders), new ConfigurationManager());

    // Forty contents: that one of three shards gets none happens once in five million runs.
    private Task<ModelManifest> PublishAsync(IModelStore store)
    {
        var files = Enumerable.Range(0, 40).ToDictionary(i => $"f{i}", i =>
        {
            var path = _folder.File($"f{i}");
            File.WriteAllText(path, $"content {i}");
            return path;
        });
        var draft = _packages.Weights("m", 1, largeFloats: 20_000) with { Files = files };
        return new ModelPublisher(store).PublishAsync(draft, cancellationToken: Token);
    }
}

using Microsoft.Extensions.Time.Testing;
using Serverless.Models.Integrity;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;

namespace Serverless.Models.Tests.Storage;

/// <summary>What every store must do; run against a folder and against Azurite.</summary>
public abstract class ModelStoreContract : IDisposable
{
    private readonly Packages _packages = new();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Ahead of the clock by which the storage stamps objects, so that tests can say how old they are.</summary>
    protected FakeTimeProvider Time { get; } = new(DateTimeOffset.Parse("2020-01-01T00:00:00Z", null));

    private protected abstract IObjectStorage Storage { get; }

    private ModelStore Store => field ??= new ModelStore(Storage, Time);

    [Fact]
    public async Task Publish_SeveralTimes_NumbersVersionsFromOne()
    {
        var first = await PublishAsync("m", "one");
        var second = await PublishAsync("m", "two");

        Assert.Equal((1, 2), (first.Version, second.Version));
        Assert.Equal([2, 1], await Store.ListVersionsAsync("m", Token));
        Assert.Equal(["m"], await Store.ListModelsAsync(Token));
        Assert.Equal("one", await ReadAsync(first, "model.onnx"));
        Assert.Equal("two", await ReadAsync(second, "model.onnx"));
    }

    [Fact]
    public async Task Find_NothingPublished_IsNothing()
    {
        Assert.Empty(await Store.ListModelsAsync(Token));
        Assert.Empty(await Store.ListVersionsAsync("m", Token));
        Assert.Null(await Store.FindManifestAsync("m", 1, Token));
        Assert.False(await Store.DeleteVersionAsync("m", 1, Token));
        Assert.False(await Store.DeleteModelAsync("m", Token));
    }

    [Fact]
    public async Task Find_NameOutsideOfTheStore_IsNothing()
    {
        await PublishAsync("m", "one");

        Assert.Null(await Store.FindManifestAsync("../m", 1, Token));
        Assert.Empty(await Store.ListVersionsAsync("m/../m", Token));
    }

    [Fact]
    public async Task Publish_WhatWasGiven_IsInTheManifest()
    {
        var draft = _packages.Graph("m", "graph", "words") with
        {
            Task = ModelTasks.TextEmbedding,
            Labels = new Dictionary<string, string> { ["max-tokens"] = "128" },
            Inputs = [new TensorSignature("x", "FP32", [-1, 2])],
            Outputs = [new TensorSignature("y", "BYTES", [])],
        };

        var published = await new ModelPublisher(Store).PublishAsync(draft, cancellationToken: Token);
        var manifest = await Store.FindManifestAsync("m", published.Version, Token);

        Assert.NotNull(manifest);
        Assert.Equal(ModelTasks.TextEmbedding, manifest.Task);
        Assert.Equal("128", manifest.Labels["max-tokens"]);
        Assert.Equal("x", manifest.Inputs[0].Name);
        Assert.Equal([-1, 2], manifest.Inputs[0].Shape);
        Assert.Empty(manifest.Outputs[0].Shape);
        Assert.Equal("words", await ReadAsync(manifest, "vocab.txt"));
    }

    [Fact]
    public async Task Publish_ManyAtOnce_EachHasItsOwnNumber()
    {
        var drafts = Enumerable.Range(0, 8).Select(number => _packages.Graph("m", $"graph {number}")).ToList();

        var manifests = await Task.WhenAll(drafts.Select(
            draft => Task.Run(() => new ModelPublisher(Store).PublishAsync(draft, cancellationToken: Token), Token)));

        Assert.Equal(Enumerable.Range(1, 8), manifests.Select(manifest => manifest.Version).Order());
        foreach (var manifest in manifests)
            Assert.StartsWith("graph ", await ReadAsync(manifest, "model.onnx"), StringComparison.Ordinal);
        Assert.Equal(8, manifests.Select(manifest => manifest.Graph.Sha256).Distinct().Count());
    }

    [Fact]
    public async Task Load_StoredBytesDamaged_IsRefusedWithBothHashes()
    {
        var manifest = await PublishAsync("m", new string('x', 10_000));
        var graph = manifest.Graph;
        var other = (await PublishAsync("m", new string('y', 10_000))).Graph;
        await using (var wrong = await Storage.OpenAsync(ModelLayout.Blob("m", other.StoredSha256), Token))
        {
            var copy = new MemoryStream();
            await wrong!.CopyToAsync(copy, Token);
            copy.Position = 0;
            await Storage.WriteAsync(ModelLayout.Blob("m", graph.StoredSha256), copy, null, Token);
        }

        var error = await Assert.ThrowsAsync<ModelIntegrityException>(() => ReadAsync(manifest, "model.onnx"));

        Assert.Contains(graph.StoredSha256, error.Message, StringComparison.Ordinal);
        Assert.Contains(other.StoredSha256, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_StoredBytesMissing_IsRefusedWithTheHash()
    {
        var manifest = await PublishAsync("m", "graph");
        await Storage.DeleteAsync(ModelLayout.Blob("m", manifest.Graph.StoredSha256), Token);

        var error = await Assert.ThrowsAsync<ModelIntegrityException>(() => ReadAsync(manifest, "model.onnx"));

        Assert.Contains(manifest.Graph.StoredSha256, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeleteVersion_FileOfAnotherVersion_IsKept()
    {
        await PublishAsync("m", "shared");
        var second = await PublishAsync("m", "shared");
        Time.SetUtcNow(TimeProvider.System.GetUtcNow().AddDays(1));

        Assert.True(await Store.DeleteVersionAsync("m", 1, Token));

        Assert.Equal([2], await Store.ListVersionsAsync("m", Token));
        Assert.Equal("shared", await ReadAsync(second, "model.onnx"));
    }

    [Fact]
    public async Task DeleteVersion_OldFileOfNoOtherVersion_IsSweptUp()
    {
        var manifest = await PublishAsync("m", "only here");
        await PublishAsync("m", "another");
        Time.SetUtcNow(TimeProvider.System.GetUtcNow().AddDays(1));

        await Store.DeleteVersionAsync("m", 1, Token);

        Assert.Null(await Storage.FindAsync(ModelLayout.Blob("m", manifest.Graph.StoredSha256), Token));
    }

    [Fact]
    public async Task DeleteVersion_YoungFile_IsLeftForAPushInProgress()
    {
        var manifest = await PublishAsync("m", "only here");
        Time.SetUtcNow(TimeProvider.System.GetUtcNow());

        await Store.DeleteVersionAsync("m", 1, Token);

        Assert.NotNull(await Storage.FindAsync(ModelLayout.Blob("m", manifest.Graph.StoredSha256), Token));
    }

    [Fact]
    public async Task Publish_AfterDeletion_NeverUsesANumberTwice()
    {
        await PublishAsync("m", "one");
        await PublishAsync("m", "two");
        await Store.DeleteVersionAsync("m", 2, Token);
        var third = await PublishAsync("m", "three");
        await Store.DeleteModelAsync("m", Token);
        Assert.Empty(await Store.ListModelsAsync(Token));

        var fourth = await PublishAsync("m", "four");

        Assert.Equal((3, 4), (third.Version, fourth.Version));
        Assert.Equal([4], await Store.ListVersionsAsync("m", Token));
    }

    [Fact]
    public async Task Publish_SameFileAgain_IsNotUploadedTwice()
    {
        var stages = new List<PublishStage>();
        Time.SetUtcNow(TimeProvider.System.GetUtcNow());
        await PublishAsync("m", "same");

        await new ModelPublisher(Store).PublishAsync(_packages.Graph("m", "same"), new Collected(stages), Token);

        Assert.Contains(PublishStage.Compress, stages);
        Assert.DoesNotContain(PublishStage.Upload, stages);
    }

    public virtual void Dispose()
    {
        _packages.Dispose();
        GC.SuppressFinalize(this);
    }

    private Task<ModelManifest> PublishAsync(string name, string graph) =>
        new ModelPublisher(Store).PublishAsync(_packages.Graph(name, graph), cancellationToken: Token);

    private async Task<string> ReadAsync(ModelManifest manifest, string path)
    {
        using var package = await new PackageLoader(Store).LoadAsync(manifest, WeightsPlace.Memory, Token);
        return System.Text.Encoding.UTF8.GetString(package.FileOf(path).Span);
    }

    private sealed class Collected(List<PublishStage> stages) : IProgress<PublishProgress>
    {
        public void Report(PublishProgress value) => stages.Add(value.Stage);
    }
}

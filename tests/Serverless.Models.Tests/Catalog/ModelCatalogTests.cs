using Microsoft.Extensions.Time.Testing;
using Serverless.Models.Catalog;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;

namespace Serverless.Models.Tests.Catalog;

public sealed class ModelCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly IModelStore _store;
    private readonly ModelCatalog _catalog;

    public ModelCatalogTests()
    {
        _store = ModelStores.InFolder(_folder.File("store"));
        _catalog = new ModelCatalog(_store, _time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetVersions_PushedSince_IsSeenAfterAFewSeconds()
    {
        await PublishAsync();
        Assert.Equal([1], await _catalog.GetVersionsAsync("m", Token));
        await PublishAsync();

        var kept = await _catalog.GetVersionsAsync("m", Token);
        _time.Advance(ModelCatalog.FreshFor);
        var fresh = await _catalog.GetVersionsAsync("m", Token);

        Assert.Equal([1], kept);
        Assert.Equal([2, 1], fresh);
    }

    [Fact]
    public async Task GetVersions_ModelWasUnknown_IsSeenAtOnceWhenPushed()
    {
        Assert.Empty(await _catalog.GetVersionsAsync("m", Token));
        await PublishAsync();

        Assert.Equal([1], await _catalog.GetVersionsAsync("m", Token));
    }

    [Fact]
    public async Task GetModels_PushedSince_IsSeenAfterAFewSeconds()
    {
        await PublishAsync();
        Assert.Equal(["m"], await _catalog.GetModelsAsync(Token));
        await PublishAsync("n");
        Assert.Equal(["m"], await _catalog.GetModelsAsync(Token));

        _time.Advance(ModelCatalog.FreshFor);

        Assert.Equal(["m", "n"], await _catalog.GetModelsAsync(Token));
    }

    [Fact]
    public async Task FindNewest_NewestManifestIsBroken_IsTheOneBefore()
    {
        await PublishAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder.File("store"), "m", "versions", "2.json"), "{", Token);

        var newest = await _catalog.FindNewestAsync("m", Token);

        Assert.Equal(1, newest?.Version);
    }

    public void Dispose() => _folder.Dispose();

    private async Task PublishAsync(string name = "m")
    {
        using var packages = new Packages();
        await new ModelPublisher(_store).PublishAsync(packages.Graph(name), cancellationToken: Token);
    }
}

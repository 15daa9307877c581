using Serverless.Models.Caching;
using Serverless.Models.Loading;
using Serverless.Models.Storage;

namespace Serverless.ModelsDriver;

/// <summary>Loads the newest version of model <c>m</c> through a cache.</summary>
internal static class Load
{
    public static async Task RunAsync(string store, string cache, string place)
    {
        var models = ModelStores.InFolder(store);
        var versions = await models.ListVersionsAsync("m", CancellationToken.None);
        var manifest = await models.FindManifestAsync("m", versions[0], CancellationToken.None);
        Console.WriteLine("loading");
        var loader = new PackageLoader(models, new PackageCacheOptions(cache, 1L << 30));
        using var package = await loader.LoadAsync(
            manifest!, place == "file" ? WeightsPlace.File : WeightsPlace.Memory, CancellationToken.None);
        Console.WriteLine("loaded");
        await package.Cached;
        Console.WriteLine("cached");
    }
}

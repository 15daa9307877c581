using Serverless.Models.Caching;
using Serverless.Models.Manifest;
using Serverless.Models.Memory;
using Serverless.Models.Storage;

namespace Serverless.Models.Loading;

/// <summary>Loads packages from a store.</summary>
public sealed class PackageLoader : IPackageLoader
{
    private readonly IModelStore _store;
    private readonly TimeProvider _time;

    /// <summary>A loader from <paramref name="store"/>.</summary>
    /// <param name="store">The store.</param>
    /// <param name="cache">Where to keep what was loaded; null keeps nothing.</param>
    /// <param name="time">The clock.</param>
    public PackageLoader(IModelStore store, PackageCacheOptions? cache = null, TimeProvider? time = null)
    {
        _store = store;
        _time = time ?? TimeProvider.System;
        _ = cache;
    }

    /// <inheritdoc/>
    public async Task<LoadedPackage> LoadAsync(ModelManifest manifest, WeightsPlace place, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var block = new NativeBlock(manifest.WeightsSize);
        try
        {
            var load = new StoreLoad(_store, _time);
            await load.RunAsync(manifest, block.Address, cancellationToken);
            var fetch = _time.GetElapsedTime(started, load.LastArrival);
            var report = new LoadReport(fetch, _time.GetElapsedTime(started) - fetch, manifest.TotalStoredSize, 0);
            return new LoadedPackage(manifest, load.Files, new NativeWeights(block, manifest.WeightsSize), report);
        }
        catch
        {
            block.Dispose();
            throw;
        }
    }
}

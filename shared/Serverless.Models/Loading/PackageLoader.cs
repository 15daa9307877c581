using Serverless.Models.Caching;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Models.Loading;

/// <summary>Loads packages from a store.</summary>
/// <param name="store">The store.</param>
/// <param name="cache">Where to keep what was loaded; null keeps nothing.</param>
/// <param name="time">The clock.</param>
public sealed class PackageLoader(IModelStore store, PackageCacheOptions? cache = null, TimeProvider? time = null) : IPackageLoader
{
    private readonly IModelStore _store = store;
    private readonly PackageCacheOptions? _cache = cache;
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <inheritdoc/>
    public Task<LoadedPackage> LoadAsync(ModelManifest manifest, WeightsPlace place, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{_store.Location} {_cache} {_time}: contract only.");
}

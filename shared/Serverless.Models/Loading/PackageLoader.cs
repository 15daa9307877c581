using Serverless.Contracts.Models;
using Serverless.Models.Caching;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Models.Loading;

/// <summary>Loads packages from a store.</summary>
public sealed class PackageLoader : IPackageLoader
{
    private readonly IModelStore _store;
    private readonly PackageCache? _cache;
    private readonly ManifestCache? _manifests;
    private readonly ReferenceCache? _references;
    private readonly TimeProvider _time;

    /// <summary>A loader from <paramref name="store"/>.</summary>
    /// <param name="store">The store.</param>
    /// <param name="cache">Where to keep what was loaded; null keeps nothing.</param>
    /// <param name="time">The clock.</param>
    public PackageLoader(IModelStore store, PackageCacheOptions? cache = null, TimeProvider? time = null)
    {
        _store = store;
        _time = time ?? TimeProvider.System;
        _cache = cache is null ? null : new PackageCache(cache, _time);
        _manifests = cache is null ? null : new ManifestCache(cache.Folder, store.Location);
        _references = cache is null ? null : new ReferenceCache(cache.Folder, store.Location);
    }

    /// <inheritdoc/>
    public ModelManifest? Recall(string name, int version) => _manifests?.Find(name, version);

    /// <inheritdoc/>
    public void Forget(string name, int version) => _manifests?.Remove(name, version);

    /// <inheritdoc/>
    public int? Recall(ModelReference reference) =>
        _references?.Find(reference) is { } version && Recall(reference.Name, version) is { } manifest && _cache!.Has(manifest) ? version : null;

    /// <inheritdoc/>
    public void Keep(ModelReference reference, int version) => _references?.Keep(reference, version);

    /// <inheritdoc/>
    public void Forget(ModelReference reference) => _references?.Remove(reference);

    /// <inheritdoc/>
    public async Task<LoadedPackage> LoadAsync(ModelManifest manifest, WeightsPlace place, CancellationToken cancellationToken)
    {
        var package = await BeginAsync(manifest, place, cancellationToken);
        try
        {
            await package.Arrival;
            return package;
        }
        catch
        {
            package.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<LoadedPackage> BeginAsync(ModelManifest manifest, WeightsPlace place, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var total = manifest.TotalStoredSize;
        if (_cache is { } cache && await Task.Run(() => cache.TryOpen(manifest), cancellationToken) is { } hit)
        {
            _manifests?.Keep(manifest);
            var report = new LoadReport(_time.GetElapsedTime(started), TimeSpan.Zero, total, total);
            return new LoadedPackage(manifest, hit.Files, hit.Weights, Task.FromResult(report));
        }

        var load = new StoreLoad(_store, _time);
        return place == WeightsPlace.Memory
            ? await BeginInMemoryAsync(load, manifest, started, cancellationToken)
            : await LoadToFileAsync(load, manifest, started, cancellationToken);
    }

    private async Task<LoadedPackage> BeginInMemoryAsync(
        StoreLoad load, ModelManifest manifest, long started, CancellationToken cancellationToken)
    {
        var memory = await MemoryLoad.StartAsync(load, manifest, cancellationToken);
        return new LoadedPackage(manifest, load.Files, new NativeWeights(memory.Block, manifest.WeightsSize), ReportAsync())
        {
            Owned = memory,
            Cached = _cache is { } cache && cache.Takes(manifest) ? KeepAsync(cache, manifest, load.Files, memory) : Task.CompletedTask,
        };

        async Task<LoadReport> ReportAsync()
        {
            await memory.Done;
            return Report(load, manifest, started);
        }
    }

    private async Task<LoadedPackage> LoadToFileAsync(
        StoreLoad load, ModelManifest manifest, long started, CancellationToken cancellationToken)
    {
        if (_cache is { } shared && shared.Takes(manifest))
        {
            var kept = await new FileLoad(shared, _time).RunAsync(load, manifest, cancellationToken);
            _manifests?.Keep(manifest);
            return new LoadedPackage(manifest, kept.Files, kept.Weights, Task.FromResult(Report(load, manifest, started)));
        }

        var folder = new PrivateFolder();
        try
        {
            var own = await new FileLoad(new PackageCache(folder.Options, _time), _time).RunAsync(load, manifest, cancellationToken);
            return new LoadedPackage(manifest, own.Files, own.Weights, Task.FromResult(Report(load, manifest, started))) { Owned = folder };
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    // Behind the caller's back: writing 64 MB takes as long as half the load. The block stays until it is written, whoever lets go first.
    private Task KeepAsync(
        PackageCache cache, ModelManifest manifest, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, MemoryLoad memory)
    {
        var block = memory.Block;
        var held = false;
        block.DangerousAddRef(ref held);
        return Task.Run(async () =>
        {
            try
            {
                await memory.Done.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!memory.Done.IsCompletedSuccessfully)
                    return;
                using var draft = cache.Begin(manifest);
                await draft.WriteWeightsAsync(block.Address, CancellationToken.None);
                await draft.WriteFilesAsync(files, CancellationToken.None);
                draft.Commit(_time);
                _manifests?.Keep(manifest);
            }
            finally
            {
                block.DangerousRelease();
            }
        });
    }

    private LoadReport Report(StoreLoad load, ModelManifest manifest, long started)
    {
        var fetch = _time.GetElapsedTime(started, load.LastArrival);
        return new LoadReport(fetch, _time.GetElapsedTime(started) - fetch, manifest.TotalStoredSize, 0);
    }
}

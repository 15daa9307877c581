using Serverless.Models.Caching;
using Serverless.Models.Manifest;

namespace Serverless.Models.Loading;

/// <summary>Loads a version into a file: decoded straight into its mapping, then put into the cache, then used from there.</summary>
internal sealed class FileLoad(PackageCache cache, TimeProvider time)
{
    // Between putting an entry there and holding it, another process may evict it.
    private const int Attempts = 3;

    public async Task<CacheHit> RunAsync(StoreLoad load, ModelManifest manifest, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            using var draft = cache.Begin(manifest);
            using (var mapped = draft.MapWeights())
                await load.RunAsync(manifest, mapped?.Address ?? 0, cancellationToken);
            await draft.WriteFilesAsync(load.Files, cancellationToken);
            draft.Commit(time);
            if (cache.TryOpen(manifest) is { } hit)
                return hit;
        }

        throw new IOException($"{manifest.Name}:{manifest.Version} was evicted from the local cache as soon as it was put there.");
    }
}

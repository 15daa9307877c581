using Serverless.Models.Loading;
using Serverless.Models.Manifest;
using Serverless.Models.Memory;

namespace Serverless.Models.Caching;

/// <summary>
/// Decoded packages in a folder that processes share. An entry is made beside its place and renamed into it, so that it is there as a whole
/// or not at all.
/// </summary>
internal sealed class PackageCache(PackageCacheOptions options, TimeProvider time)
{
    private readonly CacheFolder _folder = new(options.Folder);

    /// <summary>Whether a package is small enough to be kept.</summary>
    public bool Takes(ModelManifest manifest) => manifest.TotalSize <= options.BudgetBytes;

    /// <summary>Whether there is something under the package's name; what, <see cref="TryOpen"/> says.</summary>
    public bool Has(ModelManifest manifest) => Directory.Exists(_folder.Entry(CacheKey.Of(manifest)));

    /// <summary>The package, or null when it is not there. What is there but damaged is removed.</summary>
    public CacheHit? TryOpen(ModelManifest manifest)
    {
        var folder = _folder.Entry(CacheKey.Of(manifest));
        if (TryHold(folder) is not { } hold)
        {
            // An entry that cannot be held could not be replaced either.
            if (Directory.Exists(folder) && !File.Exists(Path.Combine(folder, CacheFolder.UseFile)))
                new CacheEviction(_folder, time).Remove(folder);
            return null;
        }

        CacheHit? hit = null;
        try
        {
            hit = Open(folder, manifest, hold);
            if (hit is not null)
                File.SetLastWriteTimeUtc(Path.Combine(folder, CacheFolder.UseFile), time.GetUtcNow().UtcDateTime);
            return hit;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // Removed meanwhile, or not ours to read: the store has it.
        }
        finally
        {
            if (hit is null)
            {
                hold.Dispose();
                new CacheEviction(_folder, time).Remove(folder);
            }
        }
    }

    /// <summary>A place to make an entry in, after making room for it.</summary>
    public CacheDraft Begin(ModelManifest manifest)
    {
        _folder.Create();
        new CacheEviction(_folder, time).MakeRoom(options.BudgetBytes - manifest.TotalSize);
        return new CacheDraft(_folder, manifest);
    }

    private CacheHit? Open(string folder, ModelManifest manifest, FileStream hold)
    {
        if (EntryFolder.ReadStamp(folder, manifest) is not { } stamp)
            return null;
        var files = manifest.Files.Prepend(manifest.Graph).ToDictionary(
            file => file.Path,
            file => (ReadOnlyMemory<byte>)File.ReadAllBytes(Path.Combine(folder, CacheFolder.FileOf(file.Path))),
            StringComparer.Ordinal);
        var path = Path.Combine(folder, CacheFolder.WeightsFile);
        var mapped = manifest.WeightsSize == 0 ? null : MappedFile.Open(path, manifest.WeightsSize);
        var isOfThisRun = stamp.Boot is not null && stamp.Boot == BootId.Current;
        if (options.VerifyEveryHit || !isOfThisRun)
        {
            if (!EntryVerifier.IsWhole(manifest, files, mapped?.Address ?? 0))
            {
                mapped?.Dispose();
                return null;
            }

            EntryFolder.Stamp(folder, manifest);
        }

        return new CacheHit(files, new MappedWeights(path, manifest.WeightsSize, mapped, hold));
    }

    private static FileStream? TryHold(string folder)
    {
        try
        {
            var use = Path.Combine(folder, CacheFolder.UseFile);
            return new FileStream(use, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

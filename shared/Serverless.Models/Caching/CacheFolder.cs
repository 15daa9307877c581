using Serverless.Models.Loading;

namespace Serverless.Models.Caching;

/// <summary>Paths within the cache.</summary>
internal sealed class CacheFolder(string root)
{
    /// <summary>Held by those who use an entry, exclusively by who writes or evicts it; its time of change is the last use.</summary>
    public const string UseFile = "in-use";

    /// <summary>The stamp.</summary>
    public const string StampFile = "entry.json";

    /// <summary>The decoded weights.</summary>
    public const string WeightsFile = LoadedPackage.WeightsFileName;

    public string Entries { get; } = Path.Combine(Path.GetFullPath(root), "entries");

    public string Temporary { get; } = Path.Combine(Path.GetFullPath(root), "tmp");

    public string EvictionLock { get; } = Path.Combine(Path.GetFullPath(root), "evict.lock");

    public string Entry(string key) => Path.Combine(Entries, key);

    /// <summary>Where a file of a package lies within an entry.</summary>
    public static string FileOf(string path) => Path.Combine("files", path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>A place for a new entry, or for one on its way out.</summary>
    public string NewTemporary() => Path.Combine(Temporary, Guid.NewGuid().ToString("N"));

    public void Create()
    {
        Directory.CreateDirectory(Entries);
        Directory.CreateDirectory(Temporary);
    }
}

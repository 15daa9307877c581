using Serverless.Models.Storage;

namespace Serverless.Models.Caching;

/// <summary>Removes entries: those used longest ago, those that are damaged, and what killed processes left behind.</summary>
internal sealed class CacheEviction(CacheFolder folder, TimeProvider time)
{
    // Between making a folder and locking it lies an instant; nobody takes a minute for it.
    private static readonly TimeSpan LeftBehindAge = TimeSpan.FromMinutes(1);

    /// <summary>Removes entries that nobody uses, oldest first, until what is left takes no more than <paramref name="bytes"/>.</summary>
    public void MakeRoom(long bytes)
    {
        using var alone = FileLock.TryAcquire(folder.EvictionLock);
        if (alone is null)
            return; // Another process is at it.
        RemoveLeftBehind();
        var entries = new DirectoryInfo(folder.Entries).EnumerateDirectories().Select(Describe).OrderBy(entry => entry.Used).ToList();
        var total = entries.Sum(entry => entry.Bytes);
        foreach (var entry in entries)
        {
            if (total <= bytes)
                return;
            if (Remove(entry.Path))
                total -= entry.Bytes;
        }
    }

    /// <summary>Removes an entry unless somebody uses it.</summary>
    public bool Remove(string entry)
    {
        try
        {
            var use = Path.Combine(entry, CacheFolder.UseFile);
            using var alone = File.Exists(use) ? FileLock.TryAcquire(use) : null;
            if (alone is null && File.Exists(use))
                return false;
            // Windows renames no folder with an open file in it.
            if (OperatingSystem.IsWindows())
                alone?.Dispose();
            var leaving = folder.NewTemporary();
            Directory.Move(entry, leaving);
            Directory.Delete(leaving, recursive: true);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void RemoveLeftBehind()
    {
        var before = (time.GetUtcNow() - LeftBehindAge).UtcDateTime;
        foreach (var left in new DirectoryInfo(folder.Temporary).EnumerateDirectories())
        {
            if (left.LastWriteTimeUtc < before)
                Remove(left.FullName);
        }
    }

    private static (string Path, long Bytes, DateTime Used) Describe(DirectoryInfo entry)
    {
        try
        {
            var bytes = entry.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
            return (entry.FullName, bytes, File.GetLastWriteTimeUtc(Path.Combine(entry.FullName, CacheFolder.UseFile)));
        }
        catch (IOException)
        {
            return (entry.FullName, 0, DateTime.MinValue);
        }
    }
}

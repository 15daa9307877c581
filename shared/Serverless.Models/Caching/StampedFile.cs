namespace Serverless.Models.Caching;

/// <summary>A file of an entry as it was stamped.</summary>
internal sealed record StampedFile(string Path, long Size, long ChangedTicks)
{
    public static StampedFile Describe(string folder, string path)
    {
        var file = new FileInfo(System.IO.Path.Combine(folder, path));
        return new StampedFile(path, file.Exists ? file.Length : -1, file.LastWriteTimeUtc.Ticks);
    }
}

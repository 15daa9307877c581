using System.Text.Json;
using Serverless.Models.Manifest;

namespace Serverless.Models.Caching;

/// <summary>Reads and writes the stamp of an entry, and compares the entry with it.</summary>
internal static class EntryFolder
{
    private const int MaxStampBytes = 1 << 20;

    /// <summary>The files that an entry of this content has.</summary>
    public static IEnumerable<string> Files(ModelManifest manifest) =>
        manifest.Files.Prepend(manifest.Graph).Select(file => CacheFolder.FileOf(file.Path)).Append(CacheFolder.WeightsFile);

    /// <summary>Declares the entry whole. A stamp appears at once or not at all.</summary>
    public static void Stamp(string folder, ModelManifest manifest)
    {
        var stamp = new CacheStamp(BootId.Current, [.. Files(manifest).Select(path => StampedFile.Describe(folder, path))]);
        var temporary = Path.Combine(folder, $"{CacheFolder.StampFile}.{Guid.NewGuid():N}");
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(stamp, CacheJson.Default.CacheStamp));
        File.Move(temporary, Path.Combine(folder, CacheFolder.StampFile), overwrite: true);
    }

    /// <summary>The stamp if the entry is still as it was stamped, or null.</summary>
    public static CacheStamp? ReadStamp(string folder, ModelManifest manifest)
    {
        try
        {
            var file = new FileInfo(Path.Combine(folder, CacheFolder.StampFile));
            if (!file.Exists || file.Length > MaxStampBytes)
                return null;
            var stamp = JsonSerializer.Deserialize(File.ReadAllBytes(file.FullName), CacheJson.Default.CacheStamp);
            var isSame = stamp is not null && stamp.Files.SequenceEqual(Files(manifest).Select(path => StampedFile.Describe(folder, path)));
            return isSame && HasDeclaredSizes(folder, manifest) ? stamp : null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool HasDeclaredSizes(string folder, ModelManifest manifest) =>
        new FileInfo(Path.Combine(folder, CacheFolder.WeightsFile)).Length == manifest.WeightsSize
        && manifest.Files.Prepend(manifest.Graph)
            .All(file => new FileInfo(Path.Combine(folder, CacheFolder.FileOf(file.Path))).Length == file.Size);
}

using Serverless.Models.Codecs;

namespace Serverless.Models.Manifest;

/// <summary>What must hold of the graph and the files of a package.</summary>
internal static class FileRules
{
    /// <summary>The most files that a package may have besides its graph.</summary>
    public const int MaxFiles = 256;

    /// <summary>Files are held in memory as a whole; what is larger belongs into the weights.</summary>
    public const long MaxFileBytes = 1L << 30;

    public static string? FindFault(ModelManifest manifest)
    {
        if (manifest.Files.Count > MaxFiles)
            return $"it lists {manifest.Files.Count} files where up to {MaxFiles} are allowed";
        var files = manifest.Files.Prepend(manifest.Graph).ToList();
        return files.DistinctBy(file => file.Path, StringComparer.OrdinalIgnoreCase).Count() != files.Count
            ? "two files have the same path"
            : files.Select(FindFault).FirstOrDefault(fault => fault is not null);
    }

    private static string? FindFault(ModelFile file)
    {
        if (!PackagePath.IsValid(file.Path))
            return $"a file's path must be {PackagePath.Pattern}";
        if (file.Codec is not (PackageCodecs.Zstd or PackageCodecs.Store))
            return $"file '{file.Path}' has the codec '{file.Codec}' where {PackageCodecs.Zstd} and {PackageCodecs.Store} are allowed";
        return ContentRules.FindFault(file, $"file '{file.Path}'", MaxFileBytes);
    }
}

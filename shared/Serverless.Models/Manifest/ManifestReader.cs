using System.Text.Json;
using Serverless.Contracts.Models;
using Serverless.Models.Integrity;

namespace Serverless.Models.Manifest;

/// <summary>Reads a manifest that lies in storage, trusting none of it.</summary>
internal static class ManifestReader
{
    private const int MaxFiles = 256;

    /// <exception cref="ModelIntegrityException">It is not a manifest of this model and version, or breaks a rule.</exception>
    public static ModelManifest Read(ReadOnlySpan<byte> json, string name, int version)
    {
        ModelManifest manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(json, ManifestJson.Default.ModelManifest) ?? throw new JsonException("it is null");
        }
        catch (JsonException error)
        {
            throw new ModelIntegrityException($"The manifest of {name}:{version} is not valid: {error.Message}", error);
        }

        if (FindFault(manifest) is { } fault)
            throw new ModelIntegrityException($"The manifest of {name}:{version} is not valid: {fault}.");
        if (manifest.Name != name || manifest.Version != version)
            throw new ModelIntegrityException($"The manifest of {name}:{version} is for {manifest.Name}:{manifest.Version}.");
        return manifest;
    }

    /// <summary>The first rule that <paramref name="manifest"/> breaks, or null.</summary>
    public static string? FindFault(ModelManifest manifest)
    {
        if (manifest.Format is < 1 or > ModelManifest.CurrentFormat)
            return $"format {manifest.Format} is not known (this version reads {ModelManifest.CurrentFormat})";
        if (!ModelName.IsValid(manifest.Name))
            return $"the name must match {ModelName.Pattern}";
        if (manifest.Files.Count is 0 or > MaxFiles)
            return $"it lists {manifest.Files.Count} files where 1 to {MaxFiles} are allowed";
        if (manifest.Files.Count(file => file.IsGraph) != 1)
            return "exactly one file must end in .onnx";
        if (manifest.Files.DistinctBy(file => file.Path, StringComparer.OrdinalIgnoreCase).Count() != manifest.Files.Count)
            return "two files have the same path";
        return manifest.Files.Select(FindFault).FirstOrDefault(fault => fault is not null);
    }

    private static string? FindFault(ModelFile file)
    {
        if (!PackagePath.IsValid(file.Path))
            return $"a file's path must be {PackagePath.Pattern}";
        if (file.Size < 0 || file.StoredSize < 0)
            return $"file '{file.Path}' has a negative size";
        if (file.Sha256.Length != 64 || !file.Sha256.All(char.IsAsciiHexDigitLower))
            return $"the hash of file '{file.Path}' is not 64 lower-case hex digits";
        return file.Codec is FileCodecs.Zstd or FileCodecs.Store ? null : $"file '{file.Path}' has the unknown codec '{file.Codec}'";
    }
}

using System.Globalization;

namespace Serverless.Models.Storage;

/// <summary>Names of the objects that make up a model.</summary>
internal static class ModelLayout
{
    private const string ManifestSuffix = ".json";
    private const string TombstoneSuffix = ".deleted";

    public static string Model(string name) => $"{name}/";

    public static string Versions(string name) => $"{name}/versions/";

    public static string Blobs(string name) => $"{name}/blobs/";

    public static string Manifest(string name, int version) =>
        string.Create(CultureInfo.InvariantCulture, $"{Versions(name)}{version}{ManifestSuffix}");

    /// <summary>Marks a number as used up: a version that was deleted must not come back as something else.</summary>
    public static string Tombstone(string name, int version) =>
        string.Create(CultureInfo.InvariantCulture, $"{Versions(name)}{version}{TombstoneSuffix}");

    /// <summary>An object is named by the hash of its own bytes: whoever has it can check it without a manifest.</summary>
    public static string Blob(string name, string storedSha256) => Blobs(name) + storedSha256;

    /// <summary>Whether an object's name, or the beginning of one, is that of a content.</summary>
    public static bool IsBlob(string name) => name.Contains("/blobs/", StringComparison.Ordinal);

    public static string Aliases(string name) => $"{name}/aliases/";

    public static string Alias(string name, string alias) => $"{Aliases(name)}{alias}.json";

    public static string Rejections(string name) => $"{name}/rejected/";

    public static string Rejection(string name, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{Rejections(name)}{number}{ManifestSuffix}");

    public static int? NumberOfRejection(string objectName) => VersionOf(objectName, ManifestSuffix);

    public static string? AliasOf(string objectName)
    {
        var file = objectName[(objectName.LastIndexOf('/') + 1)..];
        return file.EndsWith(ManifestSuffix, StringComparison.Ordinal) ? file[..^ManifestSuffix.Length] : null;
    }

    public static int? VersionOfManifest(string objectName) => VersionOf(objectName, ManifestSuffix);

    public static int? VersionOfTombstone(string objectName) => VersionOf(objectName, TombstoneSuffix);

    private static int? VersionOf(string objectName, string suffix)
    {
        var file = objectName[(objectName.LastIndexOf('/') + 1)..];
        return file.EndsWith(suffix, StringComparison.Ordinal)
            && int.TryParse(file.AsSpan(0, file.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && version > 0
                ? version
                : null;
    }
}

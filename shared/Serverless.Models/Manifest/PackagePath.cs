using System.Text.RegularExpressions;

namespace Serverless.Models.Manifest;

/// <summary>
/// The rule for paths in a package. They become paths on the machines that load it, so a manifest must not be able to name anything
/// outside its folder.
/// </summary>
public static partial class PackagePath
{
    /// <summary>What a path must match, for messages: one to four names of letters, digits, dot, dash and underscore.</summary>
    public const string Pattern = "name[/name…], each [A-Za-z0-9_-][A-Za-z0-9._-]{0,99}, at most four";

    /// <summary>Whether <paramref name="path"/> may name a file of a package.</summary>
    public static bool IsValid(string? path) => path is not null && Rule().IsMatch(path);

    // No name starts with a dot: that rules out "." and ".." and hidden files in one go.
    [GeneratedRegex(@"\A[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}){0,3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rule();
}

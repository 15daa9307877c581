using System.Text.RegularExpressions;
using Serverless.Topology.Layout;

namespace Serverless.Gateway.Tests.Security;

/// <summary>
/// The paths that endpoints with a catch-all route tell apart themselves, read out of their sources: there they are list patterns such as
/// <c>["operations", var id, "cancel"]</c>, which nothing at run time could list.
/// </summary>
internal static partial class DispatchedPaths
{
    private static readonly Dictionary<string, string> Roots = new(StringComparer.Ordinal)
    {
        ["AsyncEndpoints"] = "/v1/async",
        ["BatchEndpoints"] = "/v1/batches",
        ["ConsoleEndpoints"] = "/console",
        ["FileEndpoints"] = "/v1/files",
        ["KeyEndpoints"] = "/v1/admin/keys",
        ["ModelEndpoints"] = "/v1/models",
        ["TenantEndpoints"] = "/v1/admin/tenants",
    };

    /// <summary>An expression for each, that matches the paths it takes.</summary>
    public static IReadOnlyList<Regex> Find() =>
    [
        .. from file in Directory.EnumerateFiles(
               Path.Combine(Repository.Find().Root, "functions", "Serverless.Gateway"), "*Endpoints.cs", SearchOption.AllDirectories)
           let source = File.ReadAllText(file)
           from pattern in ListPattern().Matches(source).Select(match => match.Groups["elements"].Value.Split(", ").Select(Segment))
               .Concat(TextPattern().Matches(source).Select(match => match.Groups["path"].Value.Split('/').Skip(1)))
           select new Regex($"^{Roots[Path.GetFileNameWithoutExtension(file)]}{string.Concat(pattern.Select(segment => "/" + segment))}$"),
    ];

    private static string Segment(string element) => element switch
    {
        ".." => ".+",
        ['"', ..] => $"(?:{element.Replace("\"", "", StringComparison.Ordinal).Replace(" or ", "|", StringComparison.Ordinal)})",
        _ => "[^/]+",
    };

    // As an arm of a switch, alone or behind a method, or behind `is`.
    [GeneratedRegex("""\[(?<elements>(?:"[^"]+"|var \w+|_|\.\.| or |, )+)\]\)? (?:when|=>|\?)""")]
    private static partial Regex ListPattern();

    [GeneratedRegex(""" "(?<path>/[a-z]+)" =>""")]
    private static partial Regex TextPattern();
}

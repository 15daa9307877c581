using System.Text.RegularExpressions;

namespace Serverless.Infra.Tests.Monitoring;

/// <summary>The metrics that a PromQL expression names.</summary>
internal static partial class MetricNamesOf
{
    private static readonly string[] Keywords = ["and", "or", "unless", "bool", "offset", "inf", "nan"];

    public static IReadOnlySet<string> Expression(string promQl)
    {
        var bare = Text().Replace(promQl, "\"\"");
        bare = Selector().Replace(bare, " ");
        bare = Grouping().Replace(bare, " ");
        return Name().Matches(bare).Select(match => match.Value).Where(name => !Keywords.Contains(name.ToLowerInvariant()))
            .ToHashSet(StringComparer.Ordinal);
    }

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]")]
    private static partial Regex Selector();

    [GeneratedRegex(@"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")]
    private static partial Regex Grouping();

    // Not a function's name, and not the unit of a duration.
    [GeneratedRegex(@"(?<![\w:.])[a-zA-Z_:][\w:]*(?!\s*\(|[\w:])")]
    private static partial Regex Name();
}

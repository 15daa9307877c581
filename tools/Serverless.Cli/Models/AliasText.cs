using Serverless.Models.Aliases;

namespace Serverless.Cli.Models;

/// <summary>Aliases for people.</summary>
internal static class AliasText
{
    public static string Of(IEnumerable<ModelAlias> aliases) => string.Join(", ", aliases.Select(Of));

    public static string Of(ModelAlias alias)
    {
        var text = alias.Canary is { } canary
            ? $"{alias.Alias} → {alias.Version} ({100 - canary.Weight} %) and {canary.Version} ({canary.Weight} %)"
            : $"{alias.Alias} → {alias.Version}";
        return alias.Shadow is { } shadow ? $"{text}, shadow {shadow.Version} ({shadow.Share} %)" : text;
    }
}

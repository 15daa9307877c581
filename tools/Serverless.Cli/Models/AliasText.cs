using Serverless.Models.Aliases;

namespace Serverless.Cli.Models;

/// <summary>Aliases for people.</summary>
internal static class AliasText
{
    public static string Of(IEnumerable<ModelAlias> aliases) =>
        string.Join(", ", aliases.Select(alias => $"{alias.Alias} → {alias.Version}"));
}

using System.Text.RegularExpressions;

namespace Serverless.Contracts.Models;

/// <summary>The rule for model names: they become parts of paths, blob names and metric labels.</summary>
public static partial class ModelName
{
    /// <summary>What a name must match, for messages.</summary>
    public const string Pattern = "[a-z0-9][a-z0-9._-]{0,63}";

    /// <summary>Whether <paramref name="name"/> may name a model (or an alias).</summary>
    public static bool IsValid(string? name) => name is not null && Rule().IsMatch(name);

    [GeneratedRegex(@"\A" + Pattern + @"\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rule();
}

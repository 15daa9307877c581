using System.Text.Json.Serialization;

namespace Serverless.Models.Aliases;

/// <summary>A name such as <c>prod</c> that points to a version of a model.</summary>
public sealed record ModelAlias
{
    /// <summary>The format of aliases that more than one version stands behind. Who does not know it reads the alias as its version alone.</summary>
    public const int SplitFormat = 2;

    /// <summary><see cref="SplitFormat"/>, or null for an alias that is one version and nothing else.</summary>
    public int? Format { get; init; }

    /// <summary>The alias.</summary>
    public required string Alias { get; init; }

    /// <summary>The version it points to.</summary>
    public required int Version { get; init; }

    /// <summary>A second version that answers a part of the requests; null when none does.</summary>
    public AliasCanary? Canary { get; init; }

    /// <summary>A version whose answers are compared and not given; null when there is none.</summary>
    public AliasShadow? Shadow { get; init; }

    /// <summary>Where it pointed before and since when, oldest first; the last entry is the current one.</summary>
    public required IReadOnlyList<AliasMove> History { get; init; }

    /// <summary>Every version that its requests run on.</summary>
    [JsonIgnore]
    public IEnumerable<int> Versions => new[] { Version, Canary?.Version, Shadow?.Version }.OfType<int>();

    /// <summary>The state in the store that this was read from; give it back to move the alias only if nobody else has.</summary>
    [JsonIgnore]
    public string ETag { get; init; } = "";
}

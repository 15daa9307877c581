using System.Text.Json.Serialization;

namespace Serverless.Models.Aliases;

/// <summary>A name such as <c>prod</c> that points to a version of a model.</summary>
public sealed record ModelAlias
{
    /// <summary>The alias.</summary>
    public required string Alias { get; init; }

    /// <summary>The version it points to.</summary>
    public required int Version { get; init; }

    /// <summary>Where it pointed before and since when, oldest first; the last entry is the current one.</summary>
    public required IReadOnlyList<AliasMove> History { get; init; }

    /// <summary>The state in the store that this was read from; give it back to move the alias only if nobody else has.</summary>
    [JsonIgnore]
    public string ETag { get; init; } = "";
}

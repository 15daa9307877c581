namespace Serverless.Models.Aliases;

/// <summary>What an alias that lies in storage must keep to.</summary>
internal static class AliasRules
{
    /// <summary>The first rule that <paramref name="read"/> breaks, or null.</summary>
    public static string? FindFault(ModelAlias read, string alias)
    {
        if (read.Format is not (null or ModelAlias.SplitFormat))
            return $"format {read.Format} is not known (this version reads {ModelAlias.SplitFormat})";
        if (read is not { Version: > 0, History.Count: > 0 } || read.Alias != alias || read.History[^1].Version != read.Version)
            return "it is not for this alias, or its history does not end with its version";
        return (read.Canary is null ? null : FindFault(read.Canary, read.Version))
            ?? (read.Shadow is null ? null : FindFault(read.Shadow, read.Version));
    }

    /// <summary>The first rule that a canary beside <paramref name="version"/> breaks, or null.</summary>
    public static string? FindFault(AliasCanary canary, int version)
    {
        if (canary.Weight is < AliasCanary.LeastWeight or > AliasCanary.MostWeight)
            return $"a canary's weight is {AliasCanary.LeastWeight} to {AliasCanary.MostWeight} of a hundred requests, not {canary.Weight}";
        return canary.Version < 1 || canary.Version == version ? $"version {canary.Version} cannot be the canary of version {version}" : null;
    }

    /// <summary>The first rule that a shadow of <paramref name="version"/> breaks, or null.</summary>
    public static string? FindFault(AliasShadow shadow, int version)
    {
        if (shadow.Share is < AliasShadow.LeastShare or > AliasShadow.MostShare)
            return $"a shadow's share is {AliasShadow.LeastShare} to {AliasShadow.MostShare} of a hundred requests, not {shadow.Share}";
        return shadow.Version < 1 || shadow.Version == version ? $"version {shadow.Version} cannot be the shadow of version {version}" : null;
    }
}

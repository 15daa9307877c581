namespace Serverless.Models.Aliases;

/// <summary>A version that runs on a part of the requests of an alias as well, and answers none: its answers are compared.</summary>
/// <param name="Version">The version.</param>
/// <param name="Share">On how many of a hundred requests, 1 to 100.</param>
public sealed record AliasShadow(int Version, int Share)
{
    /// <summary>The least share.</summary>
    public const int LeastShare = 1;

    /// <summary>The most: every request.</summary>
    public const int MostShare = 100;
}

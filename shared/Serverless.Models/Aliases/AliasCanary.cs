namespace Serverless.Models.Aliases;

/// <summary>A version that answers a part of an alias' requests.</summary>
/// <param name="Version">The version.</param>
/// <param name="Weight">How many of a hundred requests it answers, 1 to 99.</param>
public sealed record AliasCanary(int Version, int Weight)
{
    /// <summary>The least weight: a canary that answers nothing is none.</summary>
    public const int LeastWeight = 1;

    /// <summary>The most: a version that is to answer everything is what the alias points to.</summary>
    public const int MostWeight = 99;
}

namespace Serverless.Models.Caching;

/// <summary>Where decoded packages are kept on this machine.</summary>
/// <param name="Folder">A folder on a local disk; processes may share it.</param>
/// <param name="BudgetBytes">How much may lie in it. What was used longest ago goes first.</param>
public sealed record PackageCacheOptions(string Folder, long BudgetBytes)
{
    /// <summary>
    /// Whether every hit is hashed again (about 1.8 GB/s for each core). Without it a hit is checked by sizes and times of change, and
    /// hashed once after the machine has started anew. Default: false.
    /// </summary>
    public bool VerifyEveryHit { get; init; }
}

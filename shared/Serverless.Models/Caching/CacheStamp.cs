namespace Serverless.Models.Caching;

/// <summary>What an entry looked like when it was known to be whole; written last.</summary>
/// <param name="Boot">The run of the machine in which that was; what a power failure took is found by hashing once in the next.</param>
/// <param name="Files">Its files.</param>
internal sealed record CacheStamp(string? Boot, IReadOnlyList<StampedFile> Files);

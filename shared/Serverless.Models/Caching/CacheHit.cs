using Serverless.Models.Loading;

namespace Serverless.Models.Caching;

/// <summary>A package that was in the cache; its entry stays until the weights are disposed.</summary>
internal sealed record CacheHit(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Files, MappedWeights Weights);

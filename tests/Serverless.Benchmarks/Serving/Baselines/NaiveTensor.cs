namespace Serverless.Benchmarks.Serving.Baselines;

/// <summary>A tensor as the naive server binds and writes it.</summary>
internal sealed record NaiveTensor<T>(string Name, int[] Shape, string Datatype, T[] Data);

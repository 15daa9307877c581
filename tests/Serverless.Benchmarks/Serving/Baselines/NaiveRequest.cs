namespace Serverless.Benchmarks.Serving.Baselines;

/// <summary>A request as the naive server binds it.</summary>
internal sealed record NaiveRequest<T>(IReadOnlyList<NaiveTensor<T>> Inputs);

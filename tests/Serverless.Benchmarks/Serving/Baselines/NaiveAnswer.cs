using System.Text.Json.Serialization;

namespace Serverless.Benchmarks.Serving.Baselines;

/// <summary>An answer as the naive server writes it.</summary>
internal sealed record NaiveAnswer([property: JsonPropertyName("model_name")] string ModelName, IReadOnlyList<NaiveTensor<float>> Outputs);

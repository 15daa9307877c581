namespace Serverless.Inference.Generation;

/// <summary>One figure under two names.</summary>
/// <param name="Own">OpenTelemetry's, or ours where it has none.</param>
/// <param name="Vllm">vLLM's.</param>
internal readonly record struct MetricPair<T>(T Own, T Vllm);

using System.Diagnostics.Metrics;
using Serverless.Inference.Diagnostics;

namespace Serverless.Inference.Generation;

/// <summary>
/// Metrics of text generation: OpenTelemetry's names (<c>gen_ai.*</c>) and beside them vLLM's, which dashboards and autoscalers of other
/// platforms ask for.
/// </summary>
internal sealed class GenerationMetrics
{
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    };

    // The conventions' own.
    private static readonly InstrumentAdvice<int> TokenCounts = new()
    {
        HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
    };

    public GenerationMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(InferenceTelemetry.Name);
        FirstToken = new(
            meter.CreateHistogram("gen_ai.server.time_to_first_token", "s", "From a request's arrival to its first token.", null, Seconds),
            meter.CreateHistogram("vllm:time_to_first_token_seconds", null, "From a request's arrival to its first token.", null, Seconds));
        BetweenTokens = new(
            meter.CreateHistogram("gen_ai.server.time_per_output_token", "s", "From a token of a text to the next.", null, Seconds),
            meter.CreateHistogram("vllm:inter_token_latency_seconds", null, "From a token of a text to the next.", null, Seconds));
        Duration = new(
            meter.CreateHistogram("gen_ai.server.request.duration", "s", "From a request's arrival to its last token.", null, Seconds),
            meter.CreateHistogram("vllm:e2e_request_latency_seconds", null, "From a request's arrival to its last token.", null, Seconds));
        Queue = meter.CreateHistogram("vllm:request_queue_time_seconds", null, "How long a request waited to be let in.", null, Seconds);
        Tokens = meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens of a request's prompt and of its texts.", null, TokenCounts);
        PromptTokens = meter.CreateHistogram("vllm:request_prompt_tokens", null, "Tokens of a request's prompt.", null, TokenCounts);
        GeneratedTokens = meter.CreateHistogram("vllm:request_generation_tokens", null, "Tokens of a request's texts.", null, TokenCounts);
        Input = new(
            meter.CreateCounter<long>("serverless.generation.tokens.input", "{token}", "Tokens of prompts."),
            meter.CreateCounter<long>("vllm:prompt_tokens_total", null, "Tokens of prompts."));
        Output = new(
            meter.CreateCounter<long>("serverless.generation.tokens.output", "{token}", "Tokens generated."),
            meter.CreateCounter<long>("vllm:generation_tokens_total", null, "Tokens generated."));
        Finished = new(
            meter.CreateCounter<long>("serverless.generation.finished", "{text}", "Texts that ended by themselves, by reason."),
            meter.CreateCounter<long>("vllm:request_success_total", null, "Texts that ended by themselves, by reason."));
        PrefixQueries = new(
            meter.CreateCounter<long>("serverless.generation.prefix.queries", "{token}", "Tokens of prompts looked up among earlier ones."),
            meter.CreateCounter<long>("vllm:prefix_cache_queries_total", null, "Tokens of prompts looked up among earlier ones."));
        PrefixHits = new(
            meter.CreateCounter<long>("serverless.generation.prefix.hits", "{token}", "Those of them that were there."),
            meter.CreateCounter<long>("vllm:prefix_cache_hits_total", null, "Those of them that were there."));
        Running = new(
            meter.CreateGauge<int>("serverless.generation.running", "{text}", "Texts that run."),
            meter.CreateGauge<int>("vllm:num_requests_running", null, "Texts that run."));
        Waiting = new(
            meter.CreateGauge<int>("serverless.generation.waiting", "{request}", "Requests that wait to be let in."),
            meter.CreateGauge<int>("vllm:num_requests_waiting", null, "Requests that wait to be let in."));
        KvUsage = new(
            meter.CreateGauge<double>("serverless.generation.kv.usage", "1", "The part of the memory for keys and values that tokens take."),
            meter.CreateGauge<double>("vllm:kv_cache_usage_perc", null, "The part of the memory for keys and values that tokens take."));
        PrefixMemory = meter.CreateGauge<long>(
            "serverless.generation.prefix.memory", "By", "Memory of the keys and values of earlier prompts.");
    }

    public MetricPair<Histogram<double>> FirstToken { get; }

    public MetricPair<Histogram<double>> BetweenTokens { get; }

    public MetricPair<Histogram<double>> Duration { get; }

    public Histogram<double> Queue { get; }

    public Histogram<int> Tokens { get; }

    public Histogram<int> PromptTokens { get; }

    public Histogram<int> GeneratedTokens { get; }

    public MetricPair<Counter<long>> Input { get; }

    public MetricPair<Counter<long>> Output { get; }

    public MetricPair<Counter<long>> Finished { get; }

    public MetricPair<Counter<long>> PrefixQueries { get; }

    public MetricPair<Counter<long>> PrefixHits { get; }

    public MetricPair<Gauge<int>> Running { get; }

    public MetricPair<Gauge<int>> Waiting { get; }

    public MetricPair<Gauge<double>> KvUsage { get; }

    public Gauge<long> PrefixMemory { get; }
}

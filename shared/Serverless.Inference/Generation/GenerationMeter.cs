using System.Diagnostics;
using System.Diagnostics.Metrics;
using Serverless.Inference.Accounting;
using Serverless.Inference.Diagnostics;
using Serverless.Inference.Execution;
using Serverless.Inference.Generation.Loop;

namespace Serverless.Inference.Generation;

/// <summary>Counts what one decoder does, for metrics and for its statistics.</summary>
internal sealed class GenerationMeter(GenerationTags tags, long kvBytes, GenerationMetrics metrics, ServingMeter serving, TimeProvider time)
{
    private (int Running, int Waiting, double Kv, long Prefixes) _told = (-1, -1, -1, -1);

    public void Refused(string reason) => serving.Refused(reason);

    /// <summary>The account that time for <paramref name="tenant"/> goes on.</summary>
    public DeviceAccount AccountOf(string? tenant) => serving.AccountOf(tenant);

    public void Waiting(int count)
    {
        if (_told.Waiting == count)
            return;
        _told.Waiting = count;
        metrics.Waiting.Own.Record(count, tags.Own);
        metrics.Waiting.Vllm.Record(count, tags.Vllm);
    }

    /// <summary>Tells how much runs.</summary>
    public void Running(int texts, long kvUsed, long prefixBytes)
    {
        if (_told.Running != texts)
        {
            metrics.Running.Own.Record(texts, tags.Own);
            metrics.Running.Vllm.Record(texts, tags.Vllm);
        }

        // In whole per cent, or every token would be a change.
        var usage = Math.Round((double)kvUsed / kvBytes, 2);
        if (_told.Kv != usage)
        {
            metrics.KvUsage.Own.Record(usage, tags.Own);
            metrics.KvUsage.Vllm.Record(usage, tags.Vllm);
        }

        if (_told.Prefixes != prefixBytes)
            metrics.PrefixMemory.Record(prefixBytes, tags.Own);
        (_told.Running, _told.Kv, _told.Prefixes) = (texts, usage, prefixBytes);
    }

    public void LetIn(DecoderGeneration generation, bool hasPrefixes)
    {
        serving.Queued(generation.Queue);
        metrics.Queue.Record(generation.Queue.TotalSeconds, tags.Vllm);
        metrics.Input.Own.Add(generation.Prompt.Length, tags.Own);
        metrics.Input.Vllm.Add(generation.Prompt.Length, tags.Vllm);
        if (!hasPrefixes)
            return;
        metrics.PrefixQueries.Own.Add(generation.Prompt.Length, tags.Own);
        metrics.PrefixQueries.Vllm.Add(generation.Prompt.Length, tags.Vllm);
        metrics.PrefixHits.Own.Add(generation.Usage.CachedTokens, tags.Own);
        metrics.PrefixHits.Vllm.Add(generation.Usage.CachedTokens, tags.Vllm);
    }

    /// <summary>Counts a continuation's token.</summary>
    public void Token(Continuation continuation)
    {
        var now = time.GetTimestamp();
        metrics.Output.Own.Add(1, tags.Own);
        metrics.Output.Vllm.Add(1, tags.Vllm);
        var isFirst = continuation.Tokens.Count == 1;
        var seconds = time.GetElapsedTime(isFirst ? continuation.Owner.ArrivedAt : continuation.LastTokenAt, now).TotalSeconds;
        continuation.LastTokenAt = now;
        // Those of one request begin together.
        if (isFirst && continuation.Choice > 0)
            return;
        Record(isFirst ? metrics.FirstToken : metrics.BetweenTokens, seconds, continuation.Owner);
    }

    public void Finished(FinishReason reason)
    {
        var text = GenAiNames.NameOf(reason);
        metrics.Finished.Own.Add(1, tags.Own, new(InferenceTelemetry.Reason, text));
        metrics.Finished.Vllm.Add(1, tags.Vllm, new("finished_reason", text));
    }

    public void Completed(DecoderGeneration generation)
    {
        var duration = time.GetElapsedTime(generation.ArrivedAt);
        Record(metrics.Duration, duration.TotalSeconds, generation);
        var (usage, operation) = (generation.Usage, generation.Request.Operation);
        metrics.Tokens.Record(usage.PromptTokens, tags.Of(operation, "input"));
        metrics.PromptTokens.Record(usage.PromptTokens, tags.Vllm);
        metrics.Tokens.Record(usage.CompletionTokens, tags.Of(operation, "output"));
        metrics.GeneratedTokens.Record(usage.CompletionTokens, tags.Vllm);
        serving.Succeeded(generation.Queue, duration);
    }

    public void Cancelled(DecoderGeneration generation)
    {
        serving.Cancelled();
        Failed(generation);
    }

    public void Expired(DecoderGeneration generation)
    {
        serving.Expired();
        Failed(generation);
    }

    public void Failed(DecoderGeneration generation) => serving.Failed(time.GetElapsedTime(generation.ArrivedAt));

    private void Record(MetricPair<Histogram<double>> pair, double seconds, DecoderGeneration generation)
    {
        // The loop's thread is in nobody's trace: with this the measurement is an exemplar of the request's.
        var sampled = generation.Activity is { IsStopped: false };
        if (sampled)
            Activity.Current = generation.Activity;
        pair.Own.Record(seconds, tags.Of(generation.Request.Operation));
        pair.Vllm.Record(seconds, tags.Vllm);
        if (sampled)
            Activity.Current = null;
    }
}

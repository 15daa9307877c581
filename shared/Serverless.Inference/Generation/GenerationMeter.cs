using Serverless.Inference.Accounting;
using Serverless.Inference.Diagnostics;
using Serverless.Inference.Execution;
using Serverless.Inference.Generation.Loop;

namespace Serverless.Inference.Generation;

/// <summary>Counts what one decoder does, for metrics and for its statistics.</summary>
internal sealed class GenerationMeter(string model, long kvBytes, GenerationMetrics metrics, ServingMeter serving, TimeProvider time)
{
    private readonly KeyValuePair<string, object?> _model = new(InferenceTelemetry.Model, model);
    private readonly KeyValuePair<string, object?> _modelName = new("model_name", model);
    private (int Running, int Waiting, double Kv, long Prefixes) _told = (-1, -1, -1, -1);

    public void Refused(string reason) => serving.Refused(reason);

    /// <summary>The account that time for <paramref name="tenant"/> goes on.</summary>
    public DeviceAccount AccountOf(string? tenant) => serving.AccountOf(tenant);

    public void Waiting(int count)
    {
        if (_told.Waiting == count)
            return;
        _told.Waiting = count;
        metrics.Waiting.Own.Record(count, _model);
        metrics.Waiting.Vllm.Record(count, _modelName);
    }

    /// <summary>Tells how much runs.</summary>
    public void Running(int texts, long kvUsed, long prefixBytes)
    {
        if (_told.Running != texts)
        {
            metrics.Running.Own.Record(texts, _model);
            metrics.Running.Vllm.Record(texts, _modelName);
        }

        // In whole per cent, or every token would be a change.
        var usage = Math.Round((double)kvUsed / kvBytes, 2);
        if (_told.Kv != usage)
        {
            metrics.KvUsage.Own.Record(usage, _model);
            metrics.KvUsage.Vllm.Record(usage, _modelName);
        }

        if (_told.Prefixes != prefixBytes)
            metrics.PrefixMemory.Record(prefixBytes, _model);
        (_told.Running, _told.Kv, _told.Prefixes) = (texts, usage, prefixBytes);
    }

    public void LetIn(DecoderGeneration generation, bool hasPrefixes)
    {
        serving.Queued(generation.Queue);
        metrics.Queue.Record(generation.Queue.TotalSeconds, _modelName);
        metrics.Input.Own.Add(generation.Prompt.Length, _model);
        metrics.Input.Vllm.Add(generation.Prompt.Length, _modelName);
        if (!hasPrefixes)
            return;
        metrics.PrefixQueries.Own.Add(generation.Prompt.Length, _model);
        metrics.PrefixQueries.Vllm.Add(generation.Prompt.Length, _modelName);
        metrics.PrefixHits.Own.Add(generation.Usage.CachedTokens, _model);
        metrics.PrefixHits.Vllm.Add(generation.Usage.CachedTokens, _modelName);
    }

    /// <summary>Counts a continuation's token.</summary>
    public void Token(Continuation continuation)
    {
        var now = time.GetTimestamp();
        metrics.Output.Own.Add(1, _model);
        metrics.Output.Vllm.Add(1, _modelName);
        var isFirst = continuation.Tokens.Count == 1;
        var seconds = time.GetElapsedTime(isFirst ? continuation.Owner.ArrivedAt : continuation.LastTokenAt, now).TotalSeconds;
        continuation.LastTokenAt = now;
        // Those of one request begin together.
        if (isFirst && continuation.Choice > 0)
            return;
        var pair = isFirst ? metrics.FirstToken : metrics.BetweenTokens;
        pair.Own.Record(seconds, _model);
        pair.Vllm.Record(seconds, _modelName);
    }

    public void Finished(FinishReason reason)
    {
        var text = reason == FinishReason.Stop ? "stop" : "length";
        metrics.Finished.Own.Add(1, _model, new(InferenceTelemetry.Reason, text));
        metrics.Finished.Vllm.Add(1, _modelName, new("finished_reason", text));
    }

    public void Completed(DecoderGeneration generation)
    {
        var duration = time.GetElapsedTime(generation.ArrivedAt);
        metrics.Duration.Own.Record(duration.TotalSeconds, _model);
        metrics.Duration.Vllm.Record(duration.TotalSeconds, _modelName);
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
}

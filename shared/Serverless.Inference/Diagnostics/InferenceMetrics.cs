using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Serverless.Inference.Accounting;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Shadowing;

namespace Serverless.Inference.Diagnostics;

/// <summary>Metrics of the engine.</summary>
internal sealed class InferenceMetrics
{
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    private readonly ConcurrentDictionary<(string Model, string Version, string Outcome), StrongBox<long>> _requests = new();
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _queueTime;
    private readonly Histogram<int> _batchRows;
    private readonly Histogram<double> _waste;
    private readonly ConcurrentDictionary<string, StrongBox<long>> _inline = new(StringComparer.Ordinal);
    private readonly Counter<long> _refused;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _cancelled;
    private readonly Counter<long> _cache;
    private readonly Counter<long> _loads;
    private readonly Histogram<double> _loadTime;
    private readonly Counter<long> _loadBytes;
    private readonly UpDownCounter<long> _loaded;
    private readonly UpDownCounter<long> _memory;
    private readonly Gauge<int> _provider;

    public InferenceMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(InferenceTelemetry.Name);
        // Of what counts every request no listener is told each time: two of them are a fiftieth of a small model's request.
        meter.CreateObservableCounter(
            "serverless.inference.requests",
            () => _requests.Select(requests => new Measurement<long>(
                Volatile.Read(ref requests.Value.Value), Of(requests.Key.Model, requests.Key.Version, requests.Key.Outcome))),
            "{request}",
            "Requests answered, by model, version and outcome.");
        _duration = meter.CreateHistogram(
            "serverless.inference.request.duration", "s", "From a request's arrival to its outcome.", null, Seconds);
        _queueTime = meter.CreateHistogram(
            "serverless.inference.queue.duration", "s", "How long work waited in its model's queue.", null, Seconds);
        _batchRows = meter.CreateHistogram(
            "serverless.inference.batch.rows", "{row}", "Rows that ran together, of what was queued.", null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] });
        _waste = meter.CreateHistogram(
            "serverless.inference.batch.waste", "1", "The part of a run that was padding.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75] });
        meter.CreateObservableCounter(
            "serverless.inference.inline_runs",
            () => _inline.Select(runs => new Measurement<long>(Volatile.Read(ref runs.Value.Value), Of(runs.Key))),
            "{run}",
            "Runs on the thread of their request: not queued, not batched.");
        _refused = meter.CreateCounter<long>("serverless.inference.refused", "{request}", "Requests refused at arrival, by reason.");
        _expired = meter.CreateCounter<long>("serverless.inference.expired", "{request}", "Requests whose deadline passed in the queue.");
        _cancelled = meter.CreateCounter<long>(
            "serverless.inference.cancelled", "{request}", "Requests whose caller left before the answer.");
        _cache = meter.CreateCounter<long>(
            "serverless.inference.response_cache", "{request}", "Look-ups of the response cache, by outcome.");
        _loads = meter.CreateCounter<long>("serverless.inference.loads", "{load}", "Loads of a model, by outcome.");
        _loadTime = meter.CreateHistogram("serverless.inference.load.duration", "s", "Seconds of a load, by stage.", null, Seconds);
        _loadBytes = meter.CreateCounter<long>("serverless.inference.load.bytes", "By", "Stored bytes of loaded packages, by source.");
        _memory = meter.CreateUpDownCounter<long>(
            "serverless.inference.models.memory", "By", "Memory that models in memory are reckoned to take.");
        _loaded = meter.CreateUpDownCounter<long>("serverless.inference.models.loaded", "{model}", "Model versions in memory.");
        Shadows = new ShadowMetrics(meter);
        _provider = meter.CreateGauge<int>("serverless.inference.execution_provider", null, "1 for the execution provider in use.");
    }

    /// <summary>For how long models ran for whom.</summary>
    public DeviceTimes DeviceTimes { get; } = new();

    /// <summary>How versions compare that run in the shadow of others.</summary>
    public ShadowMetrics Shadows { get; }

    /// <summary>Versions as labels.</summary>
    public VersionLabels Versions { get; } = new();

    public void Request(string model, string version, string outcome, TimeSpan duration)
    {
        Interlocked.Increment(ref _requests.GetOrAdd((model, version, outcome), static _ => new StrongBox<long>()).Value);
        _duration.Record(duration.TotalSeconds, Of(model, version, outcome));
    }

    public void Queued(string model, TimeSpan duration) => _queueTime.Record(duration.TotalSeconds, Of(model));

    public void Ran(string model, int rows, double waste)
    {
        _batchRows.Record(rows, Of(model));
        if (waste > 0)
            _waste.Record(waste, Of(model));
    }

    /// <summary>A model's runs on the thread of their request, to be added to.</summary>
    public StrongBox<long> InlineOf(string model) => _inline.GetOrAdd(model, static _ => new StrongBox<long>());

    public void Refused(string model, string reason) =>
        _refused.Add(1, Of(model), new KeyValuePair<string, object?>(InferenceTelemetry.Reason, reason));

    public void Expired(string model) => _expired.Add(1, Of(model));

    public void Cancelled(string model) => _cancelled.Add(1, Of(model));

    public void Cache(string model, string outcome) =>
        _cache.Add(1, Of(model), new KeyValuePair<string, object?>(InferenceTelemetry.Outcome, outcome));

    public void Loaded(string model, LoadTimings timings)
    {
        Load(model, "loaded");
        _loaded.Add(1);
        foreach (var (stage, duration) in timings.Stages)
        {
            _loadTime.Record(
                duration.TotalSeconds, new TagList { { InferenceTelemetry.Model, model }, { InferenceTelemetry.Stage, stage } });
        }

        _loadBytes.Add(timings.BytesFromCache, Source(model, "cache"));
        _loadBytes.Add(timings.BytesTotal - timings.BytesFromCache, Source(model, "store"));
    }

    public void LoadFailed(string model) => Load(model, "failed");

    public void Unloaded() => _loaded.Add(-1);

    public void Memory(long change) => _memory.Add(change);

    public void Provider(string name) => _provider.Record(1, new KeyValuePair<string, object?>("provider", name));

    private static KeyValuePair<string, object?> Of(string model) => new(InferenceTelemetry.Model, model);

    private static TagList Of(string model, string version, string outcome) => new()
    {
        { InferenceTelemetry.Model, model },
        { InferenceTelemetry.Version, version },
        { InferenceTelemetry.Outcome, outcome },
    };

    private static TagList Source(string model, string source) =>
        new() { { InferenceTelemetry.Model, model }, { InferenceTelemetry.Origin, source } };

    private void Load(string model, string outcome) =>
        _loads.Add(1, new TagList { { InferenceTelemetry.Model, model }, { InferenceTelemetry.Outcome, outcome } });
}

using System.Diagnostics;
using Serverless.Inference.Diagnostics;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Lifecycle;

/// <summary>One load and its stages: a span with an event for each.</summary>
internal sealed class LoadInProgress : IDisposable
{
    private readonly Activity? _activity = InferenceTelemetry.Source.StartActivity("load model");
    private readonly InferenceMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly string _model;
    private LoadReport _report = new(TimeSpan.Zero, TimeSpan.Zero, 0, 0);
    private TimeSpan _session;
    private long _stageStarted;

    public LoadInProgress(ModelManifest manifest, InferenceMetrics metrics, TimeProvider time)
    {
        (_model, _metrics, _time) = (manifest.Name, metrics, time);
        _stageStarted = time.GetTimestamp();
        _activity?.SetTag("model.name", manifest.Name);
        _activity?.SetTag("model.version", manifest.Version);
    }

    public void Fetched(LoadReport report)
    {
        _report = report;
        _activity?.SetTag("load.bytes_total", report.BytesTotal);
        _activity?.SetTag("load.bytes_from_cache", report.BytesFromCache);
        Event("fetch", report.Fetch);
        Event("decode", report.Decode);
        _stageStarted = _time.GetTimestamp();
    }

    public void SessionBuilt()
    {
        _session = EndStage();
        Event("session", _session);
    }

    public LoadTimings Complete()
    {
        var warmUp = EndStage();
        Event("warmup", warmUp);
        var timings = new LoadTimings(_report.Fetch, _report.Decode, _session, warmUp)
        {
            BytesTotal = _report.BytesTotal,
            BytesFromCache = _report.BytesFromCache,
        };
        _metrics.Loaded(_model, timings);
        return timings;
    }

    public void Fail(Exception error) => _activity?.SetStatus(ActivityStatusCode.Error, error.Message);

    public void Dispose() => _activity?.Dispose();

    private TimeSpan EndStage()
    {
        var now = _time.GetTimestamp();
        var stage = _time.GetElapsedTime(_stageStarted, now);
        _stageStarted = now;
        return stage;
    }

    private void Event(string stage, TimeSpan duration) => _activity?.AddEvent(
        new ActivityEvent(stage, tags: new ActivityTagsCollection { ["duration_ms"] = duration.TotalMilliseconds }));
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using Serverless.Contracts.Telemetry;

namespace Serverless.Worker.Jobs;

/// <summary>Metrics of work that comes over Service Bus.</summary>
internal sealed class JobMetrics
{
    private readonly Counter<long> _lines;
    private readonly Counter<long> _shards;
    private readonly Counter<long> _segments;
    private readonly Counter<long> _redeliveries;
    private readonly Counter<long> _requests;
    private readonly UpDownCounter<long> _running;
    private readonly Histogram<double> _duration;

    public JobMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MetricNames.WorkerMeter);
        _lines = meter.CreateCounter<long>(MetricNames.JobLines, "{line}", "Batch lines sealed in a segment, by outcome.");
        _shards = meter.CreateCounter<long>(MetricNames.JobShards, "{delivery}", "Shard messages handled, by outcome.");
        _segments = meter.CreateCounter<long>(MetricNames.JobSegments, "{segment}", "Segments written, or lost to another worker.");
        _redeliveries = meter.CreateCounter<long>(MetricNames.JobRedeliveries, "{delivery}", "Messages that were delivered before, by queue.");
        _requests = meter.CreateCounter<long>(MetricNames.JobRequests, "{request}", "Single requests from Service Bus, by outcome.");
        _running = meter.CreateUpDownCounter<long>(MetricNames.JobLinesRunning, "{line}", "Batch lines that run or wait for their model.");
        _duration = meter.CreateHistogram<double>(
            MetricNames.JobShardDuration,
            "s",
            "How long a worker kept a shard's message, by outcome.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.5, 1, 5, 10, 30, 60, 120, 240, 300, 600] });
    }

    public void Sealed(int completed, int failed)
    {
        _segments.Add(1, Tag("outcome", "written"));
        _lines.Add(completed, Tag("outcome", "completed"));
        _lines.Add(failed, Tag("outcome", "failed"));
    }

    public void SegmentLost() => _segments.Add(1, Tag("outcome", "lost"));

    public void ShardHandled(string outcome, TimeSpan duration)
    {
        var tags = new TagList { { "outcome", outcome } };
        _shards.Add(1, tags);
        _duration.Record(duration.TotalSeconds, tags);
    }

    public void Redelivered(string queue) => _redeliveries.Add(1, Tag("queue", queue));

    public void RequestHandled(string outcome) => _requests.Add(1, Tag("outcome", outcome));

    public void LinesRunning(int change) => _running.Add(change);

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}

using System.Diagnostics.Metrics;
using Serverless.Contracts.Telemetry;

namespace Serverless.Worker.Starting;

/// <summary>Metrics of the way to the first answer.</summary>
internal sealed class StartMetrics
{
    private readonly Gauge<double> _duration;

    public StartMetrics(IMeterFactory meters) => _duration = meters.Create(MetricNames.WorkerMeter).CreateGauge<double>(
        MetricNames.WorkerStartDuration, "s", "How long this worker's start took, by stage: process, host, model, answer.");

    public void Took(string stage, TimeSpan duration) => _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("stage", stage));
}

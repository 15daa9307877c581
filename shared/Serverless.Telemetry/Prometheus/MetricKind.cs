namespace Serverless.Telemetry.Prometheus;

/// <summary>Prometheus' types.</summary>
internal enum MetricKind
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Counts by upper bound.</summary>
    Histogram,
}

namespace Serverless.Telemetry.Prometheus;

/// <summary>A measurement of a sampled trace, by which a reader finds an example of what a bucket counts.</summary>
/// <param name="Trace">The trace's id.</param>
/// <param name="Value">What was measured.</param>
internal sealed record Exemplar(string Trace, double Value);

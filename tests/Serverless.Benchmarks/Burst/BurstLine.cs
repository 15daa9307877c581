namespace Serverless.Benchmarks.Burst;

/// <summary>One measurement of the suite.</summary>
/// <param name="Metric">The figure that it is for; it may give others beside.</param>
/// <param name="MeasureAsync">Measures.</param>
internal sealed record BurstLine(string Metric, Func<BurstBench, CancellationToken, Task<IReadOnlyList<Figure>>> MeasureAsync);

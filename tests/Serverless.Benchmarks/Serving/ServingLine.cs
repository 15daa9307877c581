namespace Serverless.Benchmarks.Serving;

/// <summary>One measurement of the suite. Lines do not depend on each other: each starts what it needs.</summary>
/// <param name="Metrics">The figures that it gives.</param>
/// <param name="Model">Which model it measures.</param>
/// <param name="MeasureAsync">Measures.</param>
internal sealed record ServingLine(
    IReadOnlyList<string> Metrics, string Model, Func<ServingBench, CancellationToken, Task<IReadOnlyList<Figure>>> MeasureAsync);

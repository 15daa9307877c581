namespace Serverless.Benchmarks.Generation;

/// <summary>One measurement of the suite.</summary>
/// <param name="Metrics">The figures that it gives.</param>
/// <param name="Model">Which model it measures.</param>
/// <param name="MeasureAsync">Measures.</param>
internal sealed record GenerationLine(
    IReadOnlyList<string> Metrics, string Model, Func<GenerationBench, CancellationToken, Task<IReadOnlyList<Figure>>> MeasureAsync);

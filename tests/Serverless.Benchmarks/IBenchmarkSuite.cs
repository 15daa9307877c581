namespace Serverless.Benchmarks;

/// <summary>A set of figures that belong together. One folder each; <see cref="BenchmarkProgram"/> lists them.</summary>
internal interface IBenchmarkSuite
{
    string Name { get; }

    Task RunAsync(FigureWriter figures, CancellationToken cancellationToken);
}

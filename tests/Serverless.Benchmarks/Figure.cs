namespace Serverless.Benchmarks;

/// <summary>
/// One measured figure. Where it is a ratio, <see cref="Ours"/> and <see cref="Baseline"/> are the medians it was made of,
/// measured in turn in the same minutes.
/// </summary>
internal sealed record Figure(string Suite, string Metric, double Value, string Unit)
{
    /// <summary>What it was measured on where a suite measures several; "-" for none.</summary>
    public string Model { get; init; } = "-";

    public double? Ours { get; init; }

    public double? Baseline { get; init; }

    /// <summary>How many runs the medians are of.</summary>
    public int N { get; init; } = 1;
}

namespace Serverless.Optimization.Calibration;

/// <summary>How much of what was seen of a value its range spans.</summary>
/// <param name="Name"><c>minmax</c>: all of it; <c>percentile</c>: most of it; <c>entropy</c>: so much that least is lost altogether.</param>
/// <param name="Percentile">The share of magnitudes, in percent, that <c>percentile</c> spans.</param>
internal sealed record RangeRule(string Name, double Percentile)
{
    public static IReadOnlyList<string> Names { get; } = ["minmax", "percentile", "entropy"];

    public bool IsOfAll => Name == "minmax";

    public float LimitOf(MagnitudeHistogram histogram) => Name == "entropy" ? histogram.Entropy() : histogram.Percentile(Percentile);
}

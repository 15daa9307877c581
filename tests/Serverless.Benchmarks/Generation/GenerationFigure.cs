namespace Serverless.Benchmarks.Generation;

/// <summary>The suite's figures.</summary>
internal static class GenerationFigure
{
    private const string Suite = "generation";

    public static Figure Ratio(string metric, string model, double ours, double baseline, int n) =>
        new(Suite, metric, ours / baseline, "ratio") { Model = model, Ours = ours, Baseline = baseline, N = n };

    public static Figure Value(string metric, string model, double value, string unit, int n) =>
        new(Suite, metric, value, unit) { Model = model, N = n };

    /// <summary>The so-manieth part of all values that is not above the answer.</summary>
    public static double Percentile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}

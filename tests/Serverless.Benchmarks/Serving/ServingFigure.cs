namespace Serverless.Benchmarks.Serving;

/// <summary>The suite's figures.</summary>
internal static class ServingFigure
{
    public static Figure Ratio(string metric, string model, double ours, double baseline, int n = 1) =>
        new("serving", metric, ours / baseline, "ratio") { Model = model, Ours = ours, Baseline = baseline, N = n };
}

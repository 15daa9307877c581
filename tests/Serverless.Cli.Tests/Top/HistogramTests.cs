using Serverless.Cli.Top;

namespace Serverless.Cli.Tests.Top;

/// <summary>The expected figures are those of Prometheus' <c>histogram_quantile</c> for the same buckets.</summary>
public sealed class HistogramTests
{
    [Theory]
    [InlineData(0.25, 0.05)]
    [InlineData(0.5, 0.1)]
    [InlineData(0.7, 0.3)]
    [InlineData(0.94, 0.75)]
    [InlineData(0.99, 1)]
    public void Quantile_WithinABucket_IsLinear(double quantile, double expected)
    {
        var histogram = new Histogram();
        foreach (var (bound, count) in new[] { (double.PositiveInfinity, 100d), (1, 98), (0.1, 50), (0.5, 90) })
            histogram.Add(bound, count);

        Assert.Equal(expected, histogram.Quantile(quantile)!.Value, 1e-9);
    }

    [Fact]
    public void Quantile_OfSeveralReplicas_IsThatOfAllValues()
    {
        var histogram = new Histogram();
        foreach (var (bound, count) in new[] { (1d, 10d), (2, 10), (1, 0), (2, 10) })
            histogram.Add(bound, count);

        Assert.Equal(1.5, histogram.Quantile(0.75));
    }

    [Fact]
    public void Quantile_OfNothing_IsUnknown()
    {
        var histogram = new Histogram();
        Assert.Null(histogram.Quantile(0.5));

        histogram.Add(double.PositiveInfinity, 0);
        Assert.Null(histogram.Quantile(0.5));
    }
}

using Serverless.Simulation;

namespace Serverless.Scaling.Tests.Simulation;

public sealed class DurationHistogramTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    [InlineData(1)]
    public void Quantile_OfManyDurations_IsWithinAHundredth(double share)
    {
        var histogram = new DurationHistogram();
        var random = new Random(3);
        var durations = new List<TimeSpan>();
        for (var i = 0; i < 10_000; i++)
        {
            durations.Add(TimeSpan.FromSeconds(Math.Exp((random.NextDouble() * 16) - 8)));
            histogram.Add(durations[^1]);
        }

        durations.Sort();
        var exact = durations[(int)Math.Ceiling(share * durations.Count) - 1];

        Assert.InRange(histogram.Quantile(share) / exact, 0.999, 1.01);
    }

    [Fact]
    public void Quantile_OfNone_IsZero() => Assert.Equal(TimeSpan.Zero, new DurationHistogram().Quantile(0.99));

    [Fact]
    public void Cumulative_OfDurations_GrowsToOne()
    {
        var histogram = new DurationHistogram();
        foreach (var seconds in new[] { 0, 1, 1, 400_000 })
            histogram.Add(TimeSpan.FromSeconds(seconds));

        Assert.Equal([0.25, 0.75, 1], histogram.Cumulative().Select(bucket => bucket.Share));
        Assert.Equal(400_000, histogram.Cumulative().Last().UpTo.TotalSeconds);
    }
}

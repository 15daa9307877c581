using Serverless.Optimization.Calibration;

namespace Serverless.Optimization.Tests.Calibration;

public sealed class MagnitudeHistogramTests
{
    [Theory]
    [InlineData(100, 10)]
    [InlineData(99, 1)]
    [InlineData(49.5, 0.5)]
    public void Percentile_OfNumbersWithAnOutlierInAHundred_LeavesItOut(double percent, float expected)
    {
        Assert.InRange(WithOutliers(count: 100).Percentile(percent), expected * 0.98, expected * 1.02);
    }

    [Fact]
    public void Entropy_OfManySmallNumbersAndOneLargeOne_CutsTheLargeOneOff()
    {
        var histogram = new MagnitudeHistogram(100);
        histogram.Add([.. Enumerable.Range(1, 9900).Select(i => -MathF.Log(i / 9901f)), 100f]);

        // The others end at 9.2: in 128 levels up to 100 they would have 12.
        Assert.InRange(histogram.Entropy(), 5, 30);
    }

    [Fact]
    public void Limits_OfNothingButZeros_AreZero()
    {
        var histogram = new MagnitudeHistogram(0);
        histogram.Add(new float[10]);

        Assert.Equal((0, 0), (histogram.Percentile(99), histogram.Entropy()));
    }

    // 9,900 numbers evenly up to 1, either sign, and some of 10.
    private static MagnitudeHistogram WithOutliers(int count)
    {
        var histogram = new MagnitudeHistogram(10);
        histogram.Add([.. Enumerable.Range(1, 9900).Select(i => (i % 2 == 0 ? i : -i) / 9900f), .. Enumerable.Repeat(10f, count)]);
        return histogram;
    }
}

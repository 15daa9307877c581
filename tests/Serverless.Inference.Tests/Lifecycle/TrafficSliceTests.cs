using Serverless.Inference.Lifecycle;

namespace Serverless.Inference.Tests.Lifecycle;

public sealed class TrafficSliceTests
{
    [Fact]
    public void Of_SameKey_IsTheSameInEveryProcess()
    {
        // Said once for all: another number here would send every caller to another version at a deployment.
        Assert.Equal(72, TrafficSlice.Of("m", "tenant", "key").Hundredth);
        Assert.NotEqual(TrafficSlice.Of("m", "tenant", "key"), TrafficSlice.Of("m", "other", "key"));
        Assert.NotEqual(TrafficSlice.Of("m", "tenant", "key"), TrafficSlice.Of("n", "tenant", "key"));
    }

    [Fact]
    public void Of_ManyKeys_FillsHundredthsEvenly()
    {
        var counts = Enumerable.Range(0, 20_000).CountBy(i => TrafficSlice.Of("m", null, $"{i}").Hundredth).ToDictionary();

        Assert.Equal(100, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 120, 280));
    }

    [Fact]
    public void Random_ManyTimes_FillsHundredthsEvenly()
    {
        var counts = Enumerable.Range(0, 20_000).CountBy(_ => TrafficSlice.Random().Hundredth).ToDictionary();

        Assert.Equal(100, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 120, 280));
    }
}

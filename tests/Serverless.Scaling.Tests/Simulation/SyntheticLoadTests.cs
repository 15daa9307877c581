using Serverless.Simulation;

namespace Serverless.Scaling.Tests.Simulation;

public sealed class SyntheticLoadTests
{
    [Fact]
    public void From_Bursts_AreAsDenseAsAsked()
    {
        // Every 100 s one of 10 s with 50 a second, and 1 a second else: 590 in a cycle.
        var load = new SyntheticLoad(59_000, 1, 50, TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(10), 200, 20);

        var arrivals = load.From(Examples.Start, 1).ToList();
        var inBursts = arrivals.Count(arrival => (arrival.At - Examples.Start).TotalSeconds % 100 < 10);

        Assert.InRange((arrivals[^1].At - Examples.Start).TotalSeconds, 9_700, 10_300);
        Assert.InRange(inBursts, 49_000, 51_000);
        Assert.InRange(arrivals.Average(arrival => arrival.GeneratedTokens), 19, 21);
        Assert.All(arrivals, arrival => Assert.Null(arrival.Queue));
        Assert.True(arrivals.Zip(arrivals.Skip(1)).All(pair => pair.First.At <= pair.Second.At));
    }
}

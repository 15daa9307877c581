using Serverless.FunctionsHost.Queues;

namespace Serverless.FunctionsHost.Tests.Queues;

public sealed class PollingBackoffTests
{
    [Fact]
    public void Next_Repeated_DoublesUpToTheLimit()
    {
        var backoff = new PollingBackoff(TimeSpan.FromSeconds(1), new Random(1));
        double[] ranges = [100, 200, 400, 800, 1000, 1000, 1000];
        Assert.All(ranges, range => Assert.InRange(backoff.Next().TotalMilliseconds, range / 2, range));
    }

    [Fact]
    public void Reset_AfterAPause_StartsAgainShort()
    {
        var backoff = new PollingBackoff(TimeSpan.FromMinutes(1), new Random(1));
        for (var i = 0; i < 8; i++) backoff.Next();
        backoff.Reset();
        Assert.InRange(backoff.Next().TotalMilliseconds, 50, 100);
    }

    [Fact]
    public void Next_LimitBelowFirstPause_IsKept() =>
        Assert.InRange(new PollingBackoff(TimeSpan.FromMilliseconds(10), new Random(1)).Next().TotalMilliseconds, 5, 10);
}

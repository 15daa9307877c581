using Serverless.FunctionsHost.Worker;

namespace Serverless.FunctionsHost.Tests.Worker;

public sealed class RestartBackoffTests
{
    [Fact]
    public void Next_QuickDeaths_DoublesUpToTenSeconds()
    {
        var backoff = new RestartBackoff();
        double[] expected = [0, 0.25, 0.5, 1, 2, 4, 8, 10, 10];
        Assert.All(expected, seconds => Assert.Equal(seconds, backoff.Next(TimeSpan.FromSeconds(1)).TotalSeconds));
    }

    [Fact]
    public void Next_AfterALongLife_IsAtOnceAgain()
    {
        var backoff = new RestartBackoff();
        for (var i = 0; i < 5; i++) backoff.Next(TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, backoff.Next(TimeSpan.FromSeconds(10)));
        Assert.Equal(TimeSpan.Zero, backoff.Next(TimeSpan.Zero));
    }
}

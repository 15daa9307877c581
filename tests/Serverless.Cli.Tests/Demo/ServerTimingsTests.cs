using Serverless.Cli.Demo;

namespace Serverless.Cli.Tests.Demo;

public sealed class ServerTimingsTests
{
    [Fact]
    public void Of_DurationsAndDescriptions_GivesTheDurations()
    {
        var entries = ServerTimings.Of(["queue;dur=0.021, run;dur=18.4, bytes;desc=\"42\"", "total"]);

        Assert.Equal([("queue", TimeSpan.FromMilliseconds(0.021)), ("run", TimeSpan.FromMilliseconds(18.4))], entries);
    }
}

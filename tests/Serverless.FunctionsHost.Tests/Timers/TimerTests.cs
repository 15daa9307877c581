using Serverless.FunctionsHost.Tests.Running;

namespace Serverless.FunctionsHost.Tests.Timers;

[Collection(HostCollection.Name)]
public sealed class TimerTests(HostFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Timer_RunOnStartup_RunsOnceThoughItsTimeIsFar()
    {
        await using var host = await HostUnderTest.StartAsync(("AzureWebJobsStorage", fixture.StorageConnection));
        Assert.Equal("1", Assert.Single(await host.EventsAsync("at-start", 1, Token)).Detail);
    }

    [Fact]
    public async Task Timer_FunctionOutlivesPeriod_RunsDoNotOverlap()
    {
        var events = await fixture.Host.EventsAsync("tick", 4, Token);
        Assert.Equal(["began", "ended", "began", "ended"], events.Take(4).Select(e => e.Detail));
    }
}

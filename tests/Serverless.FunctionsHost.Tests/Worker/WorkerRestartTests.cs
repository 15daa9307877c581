using System.Net;
using Serverless.FunctionsHost.Tests.Running;

namespace Serverless.FunctionsHost.Tests.Worker;

[Collection(HostCollection.Name)]
public sealed class WorkerRestartTests(HostFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Worker_ExitsByItself_CallFailsAndTheNextSucceeds()
    {
        using var crashed = await fixture.Host.Client.PostAsync("/api/v9/crash", null, Token);

        Assert.Equal(HttpStatusCode.BadGateway, crashed.StatusCode);
        Assert.Contains("worker process ended", await crashed.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal("again", await fixture.Host.Client.GetStringAsync("/api/v9/echo/again", Token));
    }

    [Fact]
    public async Task Worker_Killed_CallFailsAndTheNextWaitsForANewWorker()
    {
        var before = await fixture.Host.StatusAsync(Token);
        var call = fixture.Host.Client.GetAsync("/api/v9/wait/20000?name=killed", Token);
        await fixture.Host.EventsAsync("killed", 1, Token);
        ProcessProbe.Kill(before.WorkerProcessId!.Value);

        using var response = await call;
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("next", await fixture.Host.Client.GetStringAsync("/api/v9/echo/next", Token));
        var after = await fixture.Host.StatusAsync(Token);
        Assert.Equal("Running", after.State);
        Assert.NotEqual(before.WorkerProcessId, after.WorkerProcessId);
        Assert.Equal(before.Restarts + 1, after.Restarts);
    }

    [Fact]
    public async Task Worker_KilledUnderLoad_EveryCallEndsAndMostSucceed()
    {
        var pid = (await fixture.Host.StatusAsync(Token)).WorkerProcessId!.Value;
        var calls = Enumerable.Range(0, 40).Select(i => StatusOfAsync($"/api/v9/echo/{i}", TimeSpan.FromMilliseconds(10 * i))).ToArray();
        await calls[15];
        ProcessProbe.Kill(pid);

        var statuses = await Task.WhenAll(calls);
        Assert.All(statuses, s => Assert.True(s is HttpStatusCode.OK or HttpStatusCode.BadGateway, $"{s}"));
        Assert.True(statuses.Count(s => s == HttpStatusCode.OK) >= 20);
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync("/api/v9/echo/after", TimeSpan.Zero));
    }

    [Fact]
    public async Task Worker_NotReadyWithinTheWait_ServiceUnavailableWithRetryAfter()
    {
        await using var host = await HostUnderTest.StartAsync(
            ("AzureWebJobsStorage", fixture.StorageConnection), ("FunctionsHost__WorkerWait", "00:00:00"));
        using (var crashed = await host.Client.PostAsync("/api/v9/crash", null, Token))
            Assert.Equal(HttpStatusCode.BadGateway, crashed.StatusCode);

        // A worker needs some 400 ms at the least until it is ready.
        using var refused = await host.Client.GetAsync("/api/v9/echo/early", Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        Assert.Equal("Restarting", (await host.StatusAsync(Token)).State);
    }

    private async Task<HttpStatusCode> StatusOfAsync(string path, TimeSpan after)
    {
        await Task.Delay(after, Token);
        using var response = await fixture.Host.Client.GetAsync(path, Token);
        return response.StatusCode;
    }
}

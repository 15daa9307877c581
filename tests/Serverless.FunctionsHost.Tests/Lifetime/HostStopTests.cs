using System.Diagnostics;
using System.Net;
using Serverless.FunctionsHost.Tests.Running;

namespace Serverless.FunctionsHost.Tests.Lifetime;

[Collection(HostCollection.Name)]
public sealed class HostStopTests(HostFixture fixture)
{
    // A timer that is running when the host stops is waited for, so the one that always runs is put off.
    private static readonly (string, string) NoTimer = ("TickSchedule", "0 0 0 1 1 *");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_Killed_LeavesNoWorkerBehind()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv"), "util-linux's setpriv is not installed.");
        await using var host = await StartAsync();
        var worker = (await host.StatusAsync(Token)).WorkerProcessId!.Value;
        await host.KillAsync();

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(3));
        await ProcessProbe.WaitForEndAsync(worker, limit.Token);
    }

    [Fact]
    public async Task Host_ToldToStopWhenIdle_EndsWithItsWorkerWithinTwoSeconds()
    {
        var host = await StartAsync();
        var worker = (await host.StatusAsync(Token)).WorkerProcessId!.Value;
        var started = Stopwatch.GetTimestamp();
        await host.DisposeAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Contains("[exit code 0]", host.Output);
        await ProcessProbe.WaitForEndAsync(worker, Token);
    }

    [Fact]
    public async Task Host_ToldToStopDuringCall_LetsItFinish()
    {
        var host = await StartAsync();
        var call = host.Client.GetAsync("/api/v9/wait/1500?name=last", Token);
        await host.EventsAsync("last", 1, Token);
        var stop = host.DisposeAsync();

        using var response = await call;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("waited", await response.Content.ReadAsStringAsync(Token));
        await stop;
    }

    [Fact]
    public async Task Host_ToldToStopDuringEndlessCall_CancelsItAfterTheDrainTime()
    {
        var host = await StartAsync(("FunctionsHost__DrainTimeout", "00:00:01"), ("FunctionsHost__CancelGrace", "00:00:02"));
        var call = host.Client.GetAsync("/api/v9/wait/60000?name=endless", Token);
        await host.EventsAsync("endless", 1, Token);
        var started = Stopwatch.GetTimestamp();
        await host.DisposeAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(4));
        using var response = await call;
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    private Task<HostUnderTest> StartAsync(params (string, string)[] settings) =>
        HostUnderTest.StartAsync([("AzureWebJobsStorage", fixture.StorageConnection), NoTimer, .. settings]);
}

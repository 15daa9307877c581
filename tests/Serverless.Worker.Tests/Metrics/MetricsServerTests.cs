using System.Net;
using System.Net.Sockets;

namespace Serverless.Worker.Tests.Metrics;

public sealed class MetricsServerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_Worker_ListensBeforeItTakesRequests()
    {
        // No wait for anything: whoever chose the port may count on it from the worker's first answer on.
        await using var worker = await RunningWorker.StartAsync();
        using var client = new HttpClient();

        Assert.Contains("serverless_", await client.GetStringAsync(worker.MetricsUrl, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortTaken_WorkerDoesNotStart()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        await Assert.ThrowsAsync<IOException>(() => RunningWorker.StartAsync($"--Worker:MetricsUrl=http://{taken.LocalEndpoint}"));
    }

    [Fact]
    public async Task Stop_Worker_StopsListening()
    {
        await using var worker = await RunningWorker.StartAsync();
        var metrics = worker.MetricsUrl;
        using var client = new HttpClient();
        await client.GetStringAsync(metrics, Token);

        await worker.StopAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(metrics, Token));
    }
}

using System.Net;
using System.Net.Sockets;
using Serverless.Worker.Metrics;
using Serverless.Worker.Starting;

namespace Serverless.Worker.Tests.Starting;

public sealed class LateStartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_PreloadThatFails_StartsTheServiceAllTheSame()
    {
        await using var worker = await RunningWorker.StartAsync("--Worker:Preload:0=missing");

        Assert.Contains("serverless_", await worker.Client.GetStringAsync(worker.MetricsUrl, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ServiceThatCannotStart_EndsTheWorker()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        try
        {
            await using var worker = await RunningWorker.StartAsync($"--Worker:MetricsUrl=http://{taken.LocalEndpoint}");

            Assert.Null(await worker.Services.GetRequiredService<LateStart<MetricsServer>>().Started);
            Assert.True(worker.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
            Assert.Equal(1, Environment.ExitCode);
        }
        finally
        {
            // It is this process's as well.
            Environment.ExitCode = 0;
        }
    }

    [Fact]
    public async Task Stop_Started_StopsTheService()
    {
        var worker = await RunningWorker.StartAsync();
        var metrics = worker.MetricsUrl;
        using var client = new HttpClient();
        await client.GetStringAsync(metrics, Token);

        await worker.StopAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(metrics, Token));
        await worker.DisposeAsync();
    }
}

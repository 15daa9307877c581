using System.Net;
using System.Net.Sockets;

namespace Serverless.Worker.Tests.Metrics;

public sealed class MetricsListenerTests
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

    [Theory]
    [InlineData("/v2/health/ready")]
    [InlineData("/v2/models/any/infer")]
    [InlineData("/metrics/")]
    public async Task Get_AnythingElse_IsNotThere(string path)
    {
        await using var worker = await RunningWorker.StartAsync();
        using var client = new HttpClient();

        using var answer = await client.GetAsync(new Uri(worker.MetricsUrl, path), Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Get_ByTheAddressOfTheModels_IsNotThere()
    {
        await using var worker = await RunningWorker.StartAsync();

        using var answer = await worker.Client.GetAsync("/metrics", Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Start_PortTaken_WorkerDoesNotStartAndSaysWhichItWas()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var error = await Assert.ThrowsAsync<IOException>(
            () => RunningWorker.StartAsync($"--Worker:MetricsUrl=http://{taken.LocalEndpoint}"));

        Assert.Contains($"{taken.LocalEndpoint}", error.Message, StringComparison.Ordinal);
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

using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Serverless.EndToEnd.Tests;

/// <summary>Processes are killed under the platform. A platform of its own, so that nobody else notices.</summary>
public sealed class FailureTests(PlatformFixture fixture) : IClassFixture<PlatformFixture>
{
    private const string Infer = $"/v2/models/{TestModels.Small}/infer";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gateway_ItsIsolatedProcessIsKilled_FailsAndRecovers()
    {
        using var client = fixture.CreateClient();
        Assert.Equal(HttpStatusCode.OK, (await InferAsync(client)).StatusCode);
        var killed = await IsolatedProcessAsync(client);

        // The request is in the gateway when it dies: its body is announced and only begun.
        using var waiting = new RawHttp(fixture.Platform.ApiUrl);
        var answer = waiting.SendAsync(
            $"POST {Infer} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {fixture.Platform.Options.ApiKey}\r\nContent-Length: 100000\r\n\r\n{{", Token);
        await Task.Delay(500, Token);
        killed.Kill();

        Assert.Matches("^HTTP/1.1 50[0-9]", await answer);
        var recovered = await Wait.ForAsync(
            async () => await InferAsync(client) is { IsSuccessStatusCode: true } response ? response : null, "Recovery of the gateway");
        Assert.Equal(HttpStatusCode.OK, recovered.StatusCode);
        Assert.NotEqual(killed.Id, (await IsolatedProcessAsync(client)).Id);
    }

    [Fact]
    public async Task Worker_Killed_RequestsAreHeldUntilItIsBack()
    {
        using var client = fixture.CreateClient();
        await fixture.Platform.Services["worker"].KillAsync();

        var held = InferAsync(client);
        await Task.Delay(500, Token);
        var waited = !held.IsCompleted;
        await fixture.Platform.RestartAsync("worker", Token);
        var back = await held;

        Assert.True(waited);
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        Assert.Contains("gateway-hold;dur=", string.Join(", ", back.Headers.GetValues("Server-Timing")), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> InferAsync(HttpClient client) =>
        client.PostAsync(Infer, new StringContent(TestModels.SmallRequest, Encoding.UTF8, "application/json"), Token);

    private static async Task<Process> IsolatedProcessAsync(HttpClient client)
    {
        using var status = JsonDocument.Parse(await client.GetStringAsync("/admin/host/status", Token));
        return Process.GetProcessById(status.RootElement.GetProperty("workerProcessId").GetInt32());
    }
}

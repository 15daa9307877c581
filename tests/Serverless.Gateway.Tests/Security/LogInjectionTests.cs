using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Testing;
using Serverless.Gateway.Tests.Forwarding;

namespace Serverless.Gateway.Tests.Security;

/// <summary>What callers write begins no line in the gateway's log, and commands no terminal.</summary>
public sealed class LogInjectionTests
{
    // A line's end, a line of its own, a colour, and a turn of the direction: as a path has them, and as JSON.
    private const string InPath = "a%0D%0Awarn:%20forged%1B%5B31m%E2%80%AE";
    private const string InJson = "a\\r\\nwarn: forged\\u001b[31m\\u202e";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Log_AfterHostileRequests_HasTheirTextOnItsOwnLines()
    {
        await using var worker = await ScriptedWorker.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var log = new FakeLoggerProvider();
        gateway.Get<ILoggerFactory>().AddProvider(log);

        foreach (var key in new[] { "key", "master" })
        {
            await SendAsync(gateway, key, "GET", $"/v2/models/{InPath}");
            await SendAsync(gateway, key, "POST", $"/v2/models/{InPath}/infer");
            await SendAsync(gateway, key, "GET", $"/v2/models/m/versions/{InPath}");
            await SendAsync(gateway, key, "POST", $"/v2/repository/models/{InPath}/load");
            await SendAsync(gateway, key, "POST", "/v1/embeddings");
            await SendAsync(gateway, key, "POST", "/v1/chat/completions");
        }

        // The framework's own lines are filtered by host.json.
        var lines = log.Collector.GetSnapshot().Where(record => record.Category!.StartsWith("Serverless.", StringComparison.Ordinal))
            .Select(record => record.Message).ToList();
        Assert.Contains(lines, line => line.Contains("tried POST /v2/repository/models/a??warn: forged?[31m?/load from ?[31mforged", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("operator (configuration) did", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.DoesNotContain(line, letter => char.IsControl(letter) || letter == '\u202e'));
    }

    private static async Task SendAsync(GatewayFixture gateway, string key, string method, string path)
    {
        using var client = gateway.CreateClient(key);
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        // A line's end cannot be sent in a header; the rest can.
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "\u001b[31mforged");
        if (method == "POST")
            request.Content = new StringContent($$"""{"model":"{{InJson}}","input":"{{InJson}}"}""", Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request, Token);
        Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
    }
}

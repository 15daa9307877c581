using System.Net;
using Microsoft.Extensions.Time.Testing;
using Serverless.Gateway.Tests.Forwarding;

namespace Serverless.Gateway.Tests.RateLimits;

/// <summary>Limits of requests a minute, over HTTP.</summary>
public sealed class RequestLimitTests
{
    private const int Limit = 4;

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_ToTheLimitAndBeyond_AreToldHowTheyStand()
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await StartAsync(worker);
        using var client = gateway.CreateClient();

        Assert.Equal("200: 4, 3, 15s", await StandingAsync(client));
        Assert.Equal("200: 4, 2, 30s", await StandingAsync(client));
        Assert.Equal("200: 4, 1, 45s", await StandingAsync(client));
        Assert.Equal("200: 4, 0, 60s", await StandingAsync(client));
        Assert.Equal("429: 4, 0, 60s", await StandingAsync(client));
        Assert.Equal(Limit, worker.Bodies.Count);

        // A quarter of a minute frees one of four, and half a request is none.
        _time.Advance(TimeSpan.FromSeconds(22.5));
        Assert.Equal("200: 4, 0, 52.5s", await StandingAsync(client));
        Assert.Equal("429: 4, 0, 52.5s", await StandingAsync(client));
    }

    [Fact]
    public async Task Requests_OneTooMany_SaysWhenTheNextIsFree()
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await StartAsync(worker);
        using var client = gateway.CreateClient();
        for (var i = 0; i < Limit; i++)
            await StandingAsync(client);

        using var refused = await client.PostAsync("/v1/embeddings", new StringContent("""{"model":"m","input":"a"}"""), Token);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(15), refused.Headers.RetryAfter?.Delta);
        Assert.Contains("4 requests per minute", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        // Another tenant has its own.
        using var other = gateway.CreateClient("other");
        Assert.Equal("200: 4, 3, 15s", await StandingAsync(other));
    }

    private Task<GatewayFixture> StartAsync(ScriptedWorker worker) =>
        GatewayFixture.StartAsync(worker.Url, _time, ("Limits:RequestsPerMinute", $"{Limit}"));

    private static async Task<string> StandingAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/v2/models/m", Token);
        var values = new[] { "limit", "remaining", "reset" }.Select(name => answer.Headers.GetValues($"x-ratelimit-{name}-requests").Single());
        return $"{(int)answer.StatusCode}: {string.Join(", ", values)}";
    }
}

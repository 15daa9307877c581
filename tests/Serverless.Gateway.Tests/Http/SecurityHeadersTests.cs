using Serverless.Gateway.Tests.Forwarding;

namespace Serverless.Gateway.Tests.Http;

public sealed class SecurityHeadersTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("key", "application/json", "default-src 'none'")]
    [InlineData("key", "text/html; charset=utf-8", "default-src 'self'")]
    [InlineData("nobody's", "application/json", "default-src 'none'")]
    public async Task Answer_OfAnyKind_TellsBrowsersWhatTheyMayDo(string key, string contentType, string policy)
    {
        await using var worker = await ScriptedWorker.StartAsync(context =>
        {
            context.Response.ContentType = contentType;
            return context.Response.WriteAsync("{}");
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient(key);

        using var response = await client.GetAsync("/v2", Token);

        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("no-store", Assert.Single(response.Headers.GetValues("Cache-Control")));
        var sent = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith(policy, sent, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ThatSaysOtherwiseItself_IsLeftAlone()
    {
        await using var worker = await ScriptedWorker.StartAsync(context =>
        {
            context.Response.Headers.CacheControl = "max-age=60";
            return Task.CompletedTask;
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();

        using var response = await client.GetAsync("/v2", Token);

        Assert.Equal("max-age=60", response.Headers.GetValues("Cache-Control").Single());
    }
}

using System.Net;
using System.Text.Json;
using Serverless.FunctionsHost.Tests.Running;

namespace Serverless.FunctionsHost.Tests.Http;

[Collection(HostCollection.Name)]
public sealed class ForwardingTests(HostFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_AnyHost_FunctionSeesClientsHostPathAndQuery()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v9/reflect?a=1&b=x%20y");
        request.Headers.Host = "models.example:8443";
        var seen = await ReflectAsync(request);

        Assert.Equal("models.example:8443", seen.GetProperty("host").GetString());
        Assert.Equal("/api/v9/reflect", seen.GetProperty("path").GetString());
        Assert.Equal("?a=1&b=x%20y", seen.GetProperty("query").GetString());
        Assert.Equal("127.0.0.1", seen.GetProperty("remote").GetString());
    }

    [Fact]
    public async Task Request_WithForwardedHeaders_TheyDoNotReachTheFunction()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v9/reflect");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        request.Headers.Add("X-Forwarded-Host", "forged.example");
        var seen = await ReflectAsync(request);

        Assert.Equal("127.0.0.1", seen.GetProperty("remote").GetString());
        Assert.DoesNotContain("forged", seen.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WithInvocationIdOfItsOwn_HostReplacesIt()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v9/reflect");
        request.Headers.Add("x-ms-invocation-id", "forged");
        var seen = await ReflectAsync(request);

        var id = seen.GetProperty("invocationId").GetString();
        Assert.True(Guid.TryParse(id, out _));
        Assert.Equal(id, seen.GetProperty("headers").GetProperty("x-ms-invocation-id").GetString());
    }

    [Fact]
    public async Task Request_WithTraceParent_FunctionContinuesTheTrace()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v9/reflect");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        request.Headers.Add("tracestate", "vendor=1");
        var seen = await ReflectAsync(request);

        var parent = seen.GetProperty("traceParent").GetString()!.Split('-');
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", parent[1]);
        Assert.NotEqual("b7ad6b7169203331", parent[2]);
        Assert.Equal("01", parent[3]);
        Assert.Equal("vendor=1", seen.GetProperty("traceState").GetString());
    }

    [Fact]
    public async Task Worker_SettingOnlyInLocalSettings_IsInItsEnvironment()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v9/reflect");
        Assert.Equal("from local settings", (await ReflectAsync(request)).GetProperty("greeting").GetString());
    }

    [Fact]
    public async Task Function_ThrowsBeforeFirstByte_InternalServerError()
    {
        using var response = await fixture.Host.Client.GetAsync("/api/v9/throw/first", Token);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task Function_ThrowsAfterFirstByte_ConnectionBreaks()
    {
        using var response = await fixture.Host.Client.GetAsync("/api/v9/throw/later", HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync(Token));
    }

    private async Task<JsonElement> ReflectAsync(HttpRequestMessage request)
    {
        using var response = await fixture.Host.Client.SendAsync(request, Token);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement;
    }
}

using System.Net;
using Serverless.FunctionsHost.Tests.Running;

namespace Serverless.FunctionsHost.Tests.Http;

[Collection(HostCollection.Name)]
public sealed class RoutingTests(HostFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_RouteWithPrefix_ReachesFunction() =>
        Assert.Equal("hello", await fixture.Host.Client.GetStringAsync("/api/v9/echo/hello", Token));

    [Theory]
    [InlineData("/echo/hello")]
    [InlineData("/api/echo/hello")]
    [InlineData("/api/v9/unknown")]
    public async Task Request_UnknownRoute_NotFound(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, path));

    [Fact]
    public async Task Request_RouteConstraintMet_BindsNumber() =>
        Assert.Equal("42", await fixture.Host.Client.GetStringAsync("/api/v9/items/41", Token));

    [Fact]
    public async Task Request_RouteConstraintNotMet_NotFound() =>
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, "/api/v9/items/many"));

    [Theory]
    [InlineData("POST")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task Request_MethodNotDeclared_NotFound(string method) =>
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(new HttpMethod(method), "/api/v9/items/41"));

    [Fact]
    public async Task Request_FunctionDisabledBySetting_NotFound() =>
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, "/api/v9/disabled"));

    private async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await fixture.Host.Client.SendAsync(request, Token);
        return response.StatusCode;
    }
}

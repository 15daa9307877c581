using System.Net;
using Serverless.FunctionsHost.Tests.Running;

namespace Serverless.FunctionsHost.Tests.Http;

[Collection(HostCollection.Name)]
public sealed class FunctionKeyTests(HostFixture fixture)
{
    [Theory]
    [InlineData("keyed", "function key", HttpStatusCode.OK)]
    [InlineData("keyed", "host key", HttpStatusCode.OK)]
    [InlineData("keyed", "master key", HttpStatusCode.OK)]
    [InlineData("keyed", "Host key", HttpStatusCode.Unauthorized)]
    [InlineData("keyed", "", HttpStatusCode.Unauthorized)]
    [InlineData("keyed", null, HttpStatusCode.Unauthorized)]
    [InlineData("admin-only", "master key", HttpStatusCode.OK)]
    [InlineData("admin-only", "host key", HttpStatusCode.Unauthorized)]
    [InlineData("echo/x", null, HttpStatusCode.OK)]
    public async Task Key_InHeaderOrQuery_OpensOnlyItsFunctions(string path, string? key, HttpStatusCode expected)
    {
        using var withHeader = new HttpRequestMessage(HttpMethod.Get, $"/api/v9/{path}");
        if (key is not null) withHeader.Headers.Add("x-functions-key", key);
        using var withQuery = new HttpRequestMessage(
            HttpMethod.Get, key is null ? $"/api/v9/{path}" : $"/api/v9/{path}?code={Uri.EscapeDataString(key)}");

        foreach (var request in new[] { withHeader, withQuery })
        {
            using var response = await fixture.Host.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(expected, response.StatusCode);
        }
    }
}

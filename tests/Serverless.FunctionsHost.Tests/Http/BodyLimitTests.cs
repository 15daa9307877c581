using System.Net;
using Serverless.FunctionsHost.Tests.Running;

namespace Serverless.FunctionsHost.Tests.Http;

[Collection(HostCollection.Name)]
public sealed class BodyLimitTests(HostFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_AtLimit_ReachesFunctionWhole(bool chunked)
    {
        // The server counts what frames the chunks as well.
        var bytes = chunked ? HostFixture.BodyLimit - 64 : HostFixture.BodyLimit;
        using var response = await PostAsync(bytes, chunked);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"{bytes}", await response.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_OverLimit_ContentTooLargeNamingTheLimit(bool chunked)
    {
        using var response = await PostAsync(HostFixture.BodyLimit + 1, chunked);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(
            "The request body is larger than 1048576 bytes (FUNCTIONS_REQUEST_BODY_SIZE_LIMIT).",
            await response.Content.ReadAsStringAsync(Token));
    }

    private async Task<HttpResponseMessage> PostAsync(int bytes, bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v9/body") { Content = new ByteArrayContent(new byte[bytes]) };
        request.Headers.TransferEncodingChunked = chunked;

        // The client sends the body only once it is wanted, so that a refusal cannot meet a body still being sent.
        request.Headers.ExpectContinue = true;
        return await fixture.Host.Client.SendAsync(request, Token);
    }
}

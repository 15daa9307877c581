using System.Net.Sockets;
using System.Text;
using Serverless.Gateway.Tests.Jobs;

namespace Serverless.Gateway.Tests.Http;

/// <summary>Bodies that are no HTTP: the sender's fault wherever they are read, and never a failure of the gateway's.</summary>
[Collection(JobsCollection.Name)]
public sealed class BrokenBodyTests(JobsFixture fixture)
{
    [Theory]
    [InlineData("/v1/embeddings", "application/json")]
    [InlineData("/v1/async/embeddings", "application/json")]
    [InlineData("/v1/batches", "application/json")]
    [InlineData("/v1/files", "multipart/form-data; boundary=b")]
    [InlineData("/v1/admin/keys", "application/json")]
    [InlineData("/v1/warm", "application/json")]
    public async Task Post_ChunksThatAreNone_Is400(string path, string contentType)
    {
        var token = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(fixture.Url.Host, fixture.Url.Port, token);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: h\r\napi-key: olga\r\nContent-Type: {contentType}\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n"), token);

        using var reader = new StreamReader(client.GetStream());
        Assert.Equal("HTTP/1.1 400 Bad Request", await reader.ReadLineAsync(token));
    }
}

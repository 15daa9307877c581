using System.Net.Sockets;
using System.Text;

namespace Serverless.Worker.Tests.Http;

/// <summary>Requests as no client library would write them.</summary>
[Collection(WorkerCollection.Name)]
public sealed class ConnectionTests(WorkerFixture fixture)
{
    private const string Probe = "GET /v2/health/live HTTP/1.1\r\nHost: w\r\n\r\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Ambiguous() => new()
    {
        { "two lengths", "POST /v1/embeddings HTTP/1.1\r\nHost: w\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello" },
        { "negative length", "POST /v1/embeddings HTTP/1.1\r\nHost: w\r\nContent-Length: -1\r\n\r\n" },
        { "not chunked last", "POST /v1/embeddings HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" },
        { "space before the colon", "GET /v2 HTTP/1.1\r\nHost : w\r\n\r\n" },
        { "folded header", "GET /v2 HTTP/1.1\r\nHost: w\r\nX-A: 1\r\n 2\r\n\r\n" },
        { "no host", "GET /v2 HTTP/1.1\r\n\r\n" },
        { "two hosts", "GET /v2 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" },
        { "control character", "GET /v2 HTTP/1.1\r\nHost: w\r\nX-A: \0\r\n\r\n" },
        { "zero in the path", "GET /v2/%00 HTTP/1.1\r\nHost: w\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task Request_ThatTwoServersCouldReadDifferently_IsRefusedAndEndsTheConnection(string kind, string request)
    {
        // The probe behind it must not be answered: it is where a smuggled request would be.
        var answer = await SendAsync(request + Probe);

        Assert.True(answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal), $"{kind}: {answer}");
        Assert.DoesNotContain("live", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WithManyHeaders_Is431()
    {
        var headers = string.Concat(Enumerable.Range(0, 100).Select(i => $"X-{i}: 1\r\n"));

        Assert.StartsWith("HTTP/1.1 431", await SendAsync($"GET /v2 HTTP/1.1\r\nHost: w\r\n{headers}\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WithALargeHead_Is431() =>
        Assert.StartsWith(
            "HTTP/1.1 431", await SendAsync($"GET /v2 HTTP/1.1\r\nHost: w\r\nX: {new string('a', 20_000)}\r\n\r\n"), StringComparison.Ordinal);

    [Fact]
    public async Task Request_WhoseHeadNeverEnds_LosesItsConnection() =>
        Assert.StartsWith("HTTP/1.1 408", await SendAsync("GET /v2 HTTP/1.1\r\nHost: w\r\n"), StringComparison.Ordinal);

    private async Task<string> SendAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(fixture.Worker.Client.BaseAddress!.Host, fixture.Worker.Client.BaseAddress.Port, Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Token);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answer = new StringBuilder();
        try
        {
            answer.Append(await reader.ReadToEndAsync(limit.Token));
        }
        catch (IOException)
        {
            // Reset, with bytes of ours unread.
        }

        return answer.ToString();
    }
}

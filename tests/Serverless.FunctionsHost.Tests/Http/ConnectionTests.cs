using Serverless.FunctionsHost.Tests.Running;

namespace Serverless.FunctionsHost.Tests.Http;

/// <summary>Requests as no client library would write them, at the border where strangers' connections end.</summary>
[Collection(HostCollection.Name)]
public sealed class ConnectionTests(HostFixture fixture)
{
    // What a smuggler hides behind the end of a request that another server would put elsewhere.
    private const string Hidden = "GET /api/v9/echo/smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

    public static TheoryData<string, string> Ambiguous() => new()
    {
        { "two lengths", "POST /api/v9/body HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello" },
        { "a list of lengths", "POST /api/v9/body HTTP/1.1\r\nHost: h\r\nContent-Length: 5, 5\r\n\r\nhello" },
        { "a negative length", "POST /api/v9/body HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n" },
        { "chunked, but not last", "POST /api/v9/body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" },
        { "almost chunked", "POST /api/v9/body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" },
        { "a chunk whose size overflows", "POST /api/v9/body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n0\r\n\r\n" },
        { "a chunk of a negative size", "POST /api/v9/body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n" },
        { "a chunk of no size", "POST /api/v9/body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n" },
        { "a chunk that ends in a bare line feed", "POST /api/v9/body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n" },
        { "a folded header", "GET /api/v9/echo/a HTTP/1.1\r\nHost: h\r\nX-A: 1\r\n Content-Length: 60\r\n\r\n" },
        { "bare line feeds", "GET /api/v9/echo/a HTTP/1.1\nHost: h\nX-A: 1\n\n" },
        { "a bare carriage return", "GET /api/v9/echo/a HTTP/1.1\r\nHost: h\r\nX-A: 1\rContent-Length: 60\r\n\r\n" },
        { "a space before the colon", "GET /api/v9/echo/a HTTP/1.1\r\nHost: h\r\nContent-Length : 60\r\n\r\n" },
        { "no host", "GET /api/v9/echo/a HTTP/1.1\r\n\r\n" },
        { "two hosts", "GET /api/v9/echo/a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" },
        { "a control character", "GET /api/v9/echo/a HTTP/1.1\r\nHost: h\r\nX-A: \0\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task Request_ThatTwoServersCouldReadDifferently_IsRefusedAndEndsTheConnection(string kind, string request)
    {
        var answer = await SendAsync(request + Hidden);

        Assert.True(answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal), $"{kind}: {answer}");
        Assert.DoesNotContain("smuggled", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 60\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 60")]
    public async Task Request_WithChunksAndALength_EndsWithItsChunksAndTheConnectionWithIt(string headers)
    {
        // What RFC 9112, 6.1, leaves a server to do that does not refuse it.
        var answer = await SendAsync($"POST /api/v9/body HTTP/1.1\r\nHost: h\r\n{headers}\r\n\r\n0\r\n\r\n{Hidden}");

        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("smuggled", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WithManyHeaders_Is431() => Assert.StartsWith(
        "HTTP/1.1 431",
        await SendAsync($"GET /api/v9/echo/a HTTP/1.1\r\nHost: h\r\n{string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: 1\r\n"))}\r\n"),
        StringComparison.Ordinal);

    [Fact]
    public async Task Request_WithALargeHead_Is431() => Assert.StartsWith(
        "HTTP/1.1 431",
        await SendAsync($"GET /api/v9/echo/a HTTP/1.1\r\nHost: h\r\nX: {new string('a', 40_000)}\r\n\r\n"),
        StringComparison.Ordinal);

    [Fact]
    public async Task Request_WithALongLine_Is414() => Assert.StartsWith(
        "HTTP/1.1 414", await SendAsync($"GET /api/v9/echo/{new string('a', 10_000)} HTTP/1.1\r\nHost: h\r\n\r\n"), StringComparison.Ordinal);

    [Fact]
    public async Task Request_WhoseHeadNeverEnds_Is408() =>
        Assert.StartsWith("HTTP/1.1 408", await SendAsync("GET /api/v9/echo/a HTTP/1.1\r\nHost: h\r\n"), StringComparison.Ordinal);

    [Fact]
    public async Task Request_WhoseBodyTrickles_Is408()
    {
        await using var connection = await RawConnection.OpenAsync(fixture.Host.Url, Patience.Limit(TestContext.Current.CancellationToken).Token);
        await connection.WriteAsync("POST /api/v9/body HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n");
        var answer = connection.ReadToEndAsync();
        // Ten bytes a second, where 240 are the least.
        while (!answer.IsCompleted && await connection.TryWriteAsync("x"))
            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken));

        Assert.StartsWith("HTTP/1.1 408", await answer, StringComparison.Ordinal);
    }

    private async Task<string> SendAsync(string request)
    {
        using var limit = Patience.Limit(TestContext.Current.CancellationToken);
        await using var connection = await RawConnection.OpenAsync(fixture.Host.Url, limit.Token);
        await connection.WriteAsync(request);
        return await connection.ReadToEndAsync();
    }
}

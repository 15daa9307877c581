using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.ContainerHost.Tests.Running;

namespace Serverless.ContainerHost.Tests.Ingress;

public sealed class ForwardingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Headers_OfARequest_ArriveAsTheyWereSent()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(1);
        string[] sent =
        [
            "Host", "models.example", "Authorization", "Bearer a key", "Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "X-Twice", "one", "X-Twice", "two", "Accept-Encoding", "gzip, br", "Content-Type", "application/json", "Content-Length", "4",
        ];
        var lines = string.Concat(sent.Chunk(2).Select(pair => $"{pair[0]}: {pair[1]}\r\n"));

        var answer = await RawExchange.SendAsync(containers.IngressUrl, $"POST /echo?a=%2F%20b HTTP/1.1\r\n{lines}Connection: close\r\n\r\nbody");

        var seen = JsonNode.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)])!;
        Assert.Equal(Sorted(sent), Sorted([.. seen["headers"]!.AsArray().Select(text => (string)text!)]), StringComparer.OrdinalIgnoreCase);
        Assert.Equal(("POST", "/echo?a=%2F%20b", "body"), ((string)seen["method"]!, (string)seen["url"]!, (string)seen["body"]!));
    }

    [Fact]
    public async Task Headers_OfAnAnswer_ArriveAsTheyWereSent()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(1);
        const string Request = "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

        var direct = await RawExchange.SendAsync(containers.Ready[0].Address, Request);
        var forwarded = await RawExchange.SendAsync(containers.IngressUrl, Request);

        Assert.Equal(HeadersOf(direct), HeadersOf(forwarded));
        Assert.Contains("X-From: two", HeadersOf(forwarded));
    }

    [Fact]
    public async Task Stream_FirstHalf_ArrivesBeforeTheSecondIsWritten()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(1);
        using var answer = await containers.Client.GetAsync("/halves", HttpCompletionOption.ResponseHeadersRead, Token);
        await using var stream = await answer.Content.ReadAsStreamAsync(Token);
        var buffer = new byte[5];
        await stream.ReadExactlyAsync(buffer, Token);

        await containers.Client.GetAsync("/release", Token);

        Assert.Equal("first", Encoding.ASCII.GetString(buffer));
        using var rest = new StreamReader(stream);
        Assert.Equal("second", await rest.ReadToEndAsync(Token));
    }

    [Fact]
    public async Task Requests_SeveralReplicas_GoToEachInTurn()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(3);

        var names = new List<string>();
        for (var i = 0; i < 9; i++)
            names.Add(await containers.Client.GetStringAsync("/who", Token));

        Assert.Equal(3, names.Take(3).Distinct().Count());
        Assert.Equal([.. names.Take(3), .. names.Take(3)], names.Skip(3));
    }

    [Fact]
    public async Task Replica_DiesBeforeItAnswered_Is502()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(1);

        var answer = await containers.Client.GetAsync("/die", Token);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
    }

    [Fact]
    public async Task Replica_DiesWithinItsAnswer_BreaksTheConnectionOff()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(1);
        using var answer = await containers.Client.GetAsync("/half-and-die", HttpCompletionOption.ResponseHeadersRead, Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Caller_Leaves_FreesTheReplica()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(1);
        using var leaving = new CancellationTokenSource();
        var request = containers.Client.GetAsync("/hang", leaving.Token);
        await containers.WaitAsync(() => containers.Ready[0].InFlight == 1, "a request in flight");

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await containers.WaitAsync(() => containers.Ready[0].InFlight == 0, "no request in flight");
    }

    // Names do not mind their case, and a list may be written in one line or in several.
    private static IEnumerable<string> Sorted(string[] headers) => headers.Chunk(2)
        .Where(pair => !pair[0].Equals("Connection", StringComparison.OrdinalIgnoreCase))
        .GroupBy(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase)
        .Select(header => $"{header.Key}: {string.Join(", ", header)}").Order(StringComparer.OrdinalIgnoreCase);

    // Of one hop only: how its connection goes on and how its body is framed.
    private static IEnumerable<string> HeadersOf(string answer) => answer.Split("\r\n\r\n")[0].Split("\r\n").Skip(1)
        .Where(line => !line.StartsWith("Connection:", StringComparison.Ordinal) && !line.StartsWith("Transfer-Encoding:", StringComparison.Ordinal))
        .Where(line => !line.StartsWith("Content-Length:", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}

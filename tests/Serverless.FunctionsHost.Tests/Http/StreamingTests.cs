using System.Globalization;
using Serverless.FunctionsHost.Tests.Running;

namespace Serverless.FunctionsHost.Tests.Http;

[Collection(HostCollection.Name)]
public sealed class StreamingTests(HostFixture fixture)
{
    private const int Streams = 200;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_TwoHundredAtOnce_EachChunkArrivesBeforeTheNextIsWritten()
    {
        var lags = await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => ReadAsync(events: 5, pause: 500)));

        // A stream that is held back shows as a lag of a pause and more.
        var all = lags.SelectMany(l => l).Order().ToArray();
        Assert.Equal(Streams * 5, all.Length);
        Assert.InRange(all[all.Length / 2], 0, 200);
        Assert.InRange(all[(int)(all.Length * 0.99)], 0, 500);
    }

    [Fact]
    public async Task Stream_ClientLeaves_FunctionIsCancelledWithinASecond()
    {
        const string name = "left-stream";
        using var response = await fixture.Host.Client.GetAsync(
            $"/api/v9/sse/1000?pause=20&name={name}", HttpCompletionOption.ResponseHeadersRead, Token);
        await using (var body = await response.Content.ReadAsStreamAsync(Token))
            Assert.NotEqual(0, await body.ReadAsync(new byte[64], Token));
        var left = TimeProvider.System.GetUtcNow();
        response.Dispose();

        var cancelled = Assert.Single(await fixture.Host.EventsAsync(name, 1, Token));
        Assert.InRange(cancelled.At - left, TimeSpan.FromMilliseconds(-100), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Call_ClientLeavesBeforeAnswer_BothTokensFireWithinASecond()
    {
        const string name = "left-call";
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var call = fixture.Host.Client.GetAsync($"/api/v9/wait/20000?both&name={name}", leave.Token);
        await fixture.Host.EventsAsync(name, 1, Token);
        var left = TimeProvider.System.GetUtcNow();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        var events = await fixture.Host.EventsAsync(name, 3, Token);
        Assert.Equal(["invocation cancelled", "request aborted"], events.Skip(1).Select(e => e.Detail).Order());
        Assert.All(events.Skip(1), e => Assert.InRange(e.At - left, TimeSpan.FromMilliseconds(-100), TimeSpan.FromSeconds(1)));
    }

    private async Task<List<double>> ReadAsync(int events, int pause)
    {
        using var response = await fixture.Host.Client.GetAsync(
            $"/api/v9/sse/{events}?pause={pause}", HttpCompletionOption.ResponseHeadersRead, Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        var lags = new List<double>();
        while (await reader.ReadLineAsync(Token) is { } line)
        {
            if (!line.StartsWith("data: ", StringComparison.Ordinal)) continue;
            var written = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(line[6..], CultureInfo.InvariantCulture));
            lags.Add((TimeProvider.System.GetUtcNow() - written).TotalMilliseconds);
        }

        return lags;
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Serverless.Worker.Transport;

namespace Serverless.Worker.Tests.Transport;

public sealed class PollingTransportTests
{
    private const string Short = "POST /v2/models/m/infer HTTP/1.1\r\nHost: w\r\nContent-Length: 2\r\n\r\n{}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_SentTogether_AreAnsweredInTurn()
    {
        var count = 0;
        await using var server = await PolledServer.StartAsync(context =>
        {
            context.Response.ContentLength = 1;
            return context.Response.WriteAsync(Interlocked.Increment(ref count).ToString(CultureInfo.InvariantCulture));
        });
        using var client = await server.ConnectAsync();
        var last = Short.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal);

        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Short + "GET /long HTTP/1.1\r\nHost: w\r\n\r\n" + last), Token);

        var answers = (await ReadAsync(client)).Split("HTTP/1.1 200", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(['1', '2', '3'], answers.Select(answer => answer[^1]));
    }

    [Fact]
    public async Task Request_Short_RunsWhereItWasRead()
    {
        await using var server = await PolledServer.StartAsync(
            context => context.Response.WriteAsync(PollingLoop.Current is null ? "pool" : "loop"));
        using var client = new HttpClient { BaseAddress = server.Url };

        // A connection's first request may be read by whoever accepted it.
        await PostAsync(client, "/v2/models/m/infer", 10);

        Assert.Equal("loop", await PostAsync(client, "/v2/models/m/infer", 10));
    }

    [Theory]
    [InlineData("/v1/embeddings", 10)]
    [InlineData("/v2/models/m/infer", 5000)]
    [InlineData("/v2/models/m/infer", 100_000)]
    public async Task Request_Long_RunsOnTheThreadPool(string path, int size)
    {
        await using var server = await PolledServer.StartAsync(async context =>
        {
            var before = PollingLoop.Current;
            var length = await LengthAsync(context);
            await context.Response.WriteAsync(before is null && PollingLoop.Current is null && length == size ? "pool" : "loop");
        });
        using var client = new HttpClient { BaseAddress = server.Url };

        for (var i = 0; i < 5; i++)
            Assert.Equal("pool", await PostAsync(client, path, size));
    }

    [Fact]
    public async Task Request_ThatTakesLong_HoldsNobodyUp()
    {
        using var released = new SemaphoreSlim(0);
        await using var server = await PolledServer.StartAsync(async context =>
        {
            // Blocks its thread, as a model's load may.
            if (context.Request.Path == "/long")
                Assert.True(released.Wait(TimeSpan.FromSeconds(30), CancellationToken.None));
            await context.Response.WriteAsync("done");
        });
        using var client = new HttpClient { BaseAddress = server.Url };
        await PostAsync(client, "/v2/models/m/infer", 10);

        var held = Enumerable.Range(0, 4).Select(_ => PostAsync(client, "/long", 10)).ToList();
        Assert.Equal("done", await PostAsync(client, "/v2/models/m/infer", 10));

        released.Release(4);
        Assert.All(await Task.WhenAll(held), answer => Assert.Equal("done", answer));
    }

    [Fact]
    public async Task Request_ThatTurnsOutLong_GoesOnOnTheThreadPool()
    {
        await using var server = await PolledServer.StartAsync(async context =>
        {
            var before = PollingLoop.Current;
            await ThreadPoolTurn.Take();
            await context.Response.WriteAsync(before is not null && PollingLoop.Current is null ? "moved" : "stayed");
        });
        using var client = new HttpClient { BaseAddress = server.Url };

        await PostAsync(client, "/v2/models/m/infer", 10);

        Assert.Equal("moved", await PostAsync(client, "/v2/models/m/infer", 10));
    }

    [Fact]
    public async Task Body_ThatComesWithoutAPause_HoldsNobodyUp()
    {
        await using var server = await PolledServer.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, Token);
            await context.Response.WriteAsync("done");
        });
        using var uploader = new HttpClient { BaseAddress = server.Url };
        using var client = new HttpClient { BaseAddress = server.Url };
        await PostAsync(client, "/v2/models/m/infer", 10);

        using var content = new EndlessContent(400_000_000);
        var upload = uploader.PostAsync(new Uri("/v2/models/m/infer", UriKind.Relative), content, Token);
        for (var i = 0; i < 10; i++)
            await PostAsync(client, "/v2/models/m/infer", 10);

        Assert.False(upload.IsCompleted);
        using var answer = await upload;
        Assert.Equal("done", await answer.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Body_LargerThanIsReadAhead_ArrivesWhole()
    {
        await using var server = await PolledServer.StartAsync(
            async context => await context.Response.WriteAsync((await LengthAsync(context)).ToString(CultureInfo.InvariantCulture)));
        using var client = new HttpClient { BaseAddress = server.Url };

        Assert.Equal("20000000", await PostAsync(client, "/v2/models/m/infer", 20_000_000));
    }

    [Fact]
    public async Task Answer_LargerThanTheSocketTakes_ArrivesWholeAtTheClientsPace()
    {
        const int Size = 20_000_000;
        await using var server = await PolledServer.StartAsync(async context =>
        {
            context.Response.ContentLength = Size;
            var piece = new byte[Size / 4];
            for (var i = 0; i < 4; i++)
            {
                Array.Fill(piece, (byte)i);
                await context.Response.BodyWriter.WriteAsync(piece);
            }
        });
        using var client = await server.ConnectAsync();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: w\r\nConnection: close\r\n\r\n"), Token);
        await Task.Delay(200, Token);

        using var received = new MemoryStream();
        await client.GetStream().CopyToAsync(received, Token);

        var body = received.ToArray().AsSpan()[^Size..];
        for (var i = 0; i < 4; i++)
            Assert.False(body.Slice(i * Size / 4, Size / 4).ContainsAnyExcept((byte)i));
    }

    [Fact]
    public async Task Client_ThatLeaves_IsKnownToItsRequest()
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await PolledServer.StartAsync(async context =>
        {
            using var registration = context.RequestAborted.Register(() => left.TrySetResult());
            begun.TrySetResult();
            await left.Task;
        });
        using (var client = await server.ConnectAsync())
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: w\r\n\r\n"), Token);
            await begun.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
        }

        await left.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    [Fact]
    public async Task Answer_BrokenOff_EndsTheConnection()
    {
        await using var server = await PolledServer.StartAsync(async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.Body.WriteAsync("half"u8.ToArray());
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        using var client = new HttpClient { BaseAddress = server.Url };

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync(new Uri("/", UriKind.Relative), Token));
    }

    [Fact]
    public async Task Connections_ComingAndGoing_LeaveNothingBehind()
    {
        await using var server = await PolledServer.StartAsync(context => context.Response.WriteAsync("done"));

        await Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (i, _) =>
        {
            using var client = await server.ConnectAsync();
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Short), Token);
            // Every other one does not wait for its answer.
            if (i % 2 == 0)
                Assert.NotEqual(0, await client.GetStream().ReadAsync(new byte[512], Token));
        });

        using var last = new HttpClient { BaseAddress = server.Url };
        Assert.Equal("done", await PostAsync(last, "/v2/models/m/infer", 10));
    }

    private static async Task<string> PostAsync(HttpClient client, string path, int size)
    {
        using var content = new ByteArrayContent(new byte[size]);
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content, Token);
        return await answer.Content.ReadAsStringAsync(Token);
    }

    private static async Task<long> LengthAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, Token);
        return body.Length;
    }

    private static async Task<string> ReadAsync(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        return await reader.ReadToEndAsync(Token);
    }

    // Written as fast as it is taken.
    private sealed class EndlessContent(long length) : HttpContent
    {
        private readonly byte[] _piece = new byte[100_000];

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var left = length; left > 0; left -= _piece.Length)
                await stream.WriteAsync(_piece);
        }

        protected override bool TryComputeLength(out long whole)
        {
            whole = length;
            return true;
        }
    }
}

using System.IO.Compression;
using System.Net;
using System.Text;
using Serverless.TestKit.Onnx;

namespace Serverless.Worker.Tests.Http;

public sealed class LimitsTests
{
    private const string Infer = "/v2/models/m/infer";
    private const string Request = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Infer, false)]
    [InlineData(Infer, true)]
    [InlineData("/v1/embeddings", false)]
    [InlineData("/v1/embeddings", true)]
    public async Task Post_BodyOverTheLimit_Is413NamingIt(string path, bool chunked)
    {
        await using var worker = await RunningWorker.StartAsync("--Worker:MaxBodyBytes=4096");
        await worker.PushAsync("m", OnnxGraphs.Scale(2));
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(new string(' ', 10_000) + Request, Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await worker.Client.SendAsync(request, Token);
        var body = await RunningWorker.ReadAsync(response);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("MaxBodyBytes", body.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Infer, "gzip", null)]
    [InlineData(Infer, "deflate", null)]
    [InlineData(Infer, "gzip", "70")]
    [InlineData(Infer, "gzip", "0")]
    [InlineData("/v1/embeddings", "gzip", null)]
    public async Task Post_BodyThatUnpacksBeyondTheLimit_Is413(string path, string encoding, string? binaryHeader)
    {
        await using var worker = await RunningWorker.StartAsync("--Worker:MaxBodyBytes=65536");
        await worker.PushAsync("m", OnnxGraphs.Scale(2));

        // 32 MiB of spaces are about 32 KiB.
        using var content = new ByteArrayContent(Pack(encoding, 32 << 20));
        Assert.True(content.Headers.ContentLength < 65536);
        content.Headers.ContentType = new(binaryHeader is null ? "application/json" : "application/octet-stream");
        content.Headers.ContentEncoding.Add(encoding);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (binaryHeader is not null)
            request.Headers.Add("Inference-Header-Content-Length", binaryHeader);

        using var response = await worker.Client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    private static byte[] Pack(string encoding, int spaces)
    {
        using var packed = new MemoryStream();
        using (Stream pack = encoding == "gzip"
            ? new GZipStream(packed, CompressionLevel.Optimal)
            : new ZLibStream(packed, CompressionLevel.Optimal))
        {
            pack.Write(Encoding.UTF8.GetBytes(new string(' ', spaces)));
        }

        return packed.ToArray();
    }

    [Fact]
    public async Task Post_BodyAtTheLimit_IsTaken()
    {
        await using var worker = await RunningWorker.StartAsync("--Worker:MaxBodyBytes=4096");
        await worker.PushAsync("m", OnnxGraphs.Scale(2));

        var (response, _) = await worker.PostAsync(Infer, Request.PadRight(4096));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Post_BodyOf200Megabytes_Works()
    {
        const int Rows = 23_000_000;
        await using var worker = await RunningWorker.StartAsync();
        await worker.PushAsync("m", OnnxGraphs.Mlp(2, 1, 1));
        using var content = new LongContent(Rows);
        content.Headers.ContentType = new("application/json");
        Assert.True(content.Size > 200_000_000);

        using var request = new HttpRequestMessage(HttpMethod.Post, Infer) { Content = content };
        using var response = await worker.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var answer = await response.Content.ReadAsStreamAsync(Token);
        var start = new byte[200];
        await answer.ReadExactlyAsync(start, Token);
        Assert.Contains($"\"shape\":[{Rows + 1},1]", Encoding.UTF8.GetString(start), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_RunLongerThanTheTimeout_Is504()
    {
        await using var worker = await RunningWorker.StartAsync("--Worker:RequestTimeout=00:00:01");
        await worker.PushAsync("slow", OnnxGraphs.Slow());

        var (response, body) = await worker.PostAsync("/v2/models/slow/infer", Slow(1_000_000_000));

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Contains("1 s", body.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_QueueFull_Is429WithRetryAfter()
    {
        await using var worker = await RunningWorker.StartAsync("--Worker:QueueCapacity=1", "--Worker:Instances=1");
        await worker.PushAsync("slow", OnnxGraphs.Slow());
        await worker.PostAsync("/v2/models/slow/infer", Slow(1));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        // One may be running and one waiting: the third finds no room.
        var posts = Enumerable.Range(0, 3).Select(_ => worker.Client.PostAsync(
            "/v2/models/slow/infer", new StringContent(Slow(1_000_000_000), Encoding.UTF8, "application/json"), stop.Token)).ToList();
        using var refused = await await Task.WhenAny(posts);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        await stop.CancelAsync();
        await Task.WhenAll(posts).ContinueWith(_ => { }, TaskScheduler.Default);

        // Those who left free the model as soon as the server has noticed.
        HttpStatusCode next;
        do
            next = (await worker.PostAsync("/v2/models/slow/infer", Slow(1))).Response.StatusCode;
        while (next == HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.OK, next);
    }

    private static string Slow(long steps) =>
        $$"""{"inputs":[{"name":"count","shape":[],"datatype":"INT64","data":[{{steps}}]},{"name":"start","shape":[1],"datatype":"FP32","data":[0]}]}""";

    // Written as it is sent, so that the test itself does not hold it.
    private sealed class LongContent(int rows) : HttpContent
    {
        private static readonly byte[] Row = Encoding.ASCII.GetBytes("1.5,-2.5,");
        private readonly byte[] _head = Encoding.ASCII.GetBytes(
            $$"""{"inputs":[{"name":"x","shape":[{{rows + 1}},2],"datatype":"FP32","data":[""");
        private readonly byte[] _tail = Encoding.ASCII.GetBytes("1,2]}]}");

        public long Size => _head.Length + ((long)Row.Length * rows) + _tail.Length;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            const int RowsPerBlock = 10_000;
            var block = Enumerable.Repeat(Row, RowsPerBlock).SelectMany(row => row).ToArray();
            await stream.WriteAsync(_head);
            for (var sent = 0; sent < rows; sent += RowsPerBlock)
                await stream.WriteAsync(block);
            await stream.WriteAsync(_tail);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Size;
            return true;
        }
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Serverless.Contracts.Http;

namespace Serverless.Gateway.Tests.Forwarding;

public sealed class ReplayTests
{
    private const string Infer = "/v2/models/m/infer";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Forward_ReplicaLostBeforeItsAnswer_IsSentOnceMoreWithTheSameBody(bool chunked)
    {
        var bodies = new ConcurrentQueue<string>();
        await using var worker = await ScriptedWorker.StartAsync(async context =>
        {
            bodies.Enqueue(await ReadAsync(context));
            if (bodies.Count == 1)
                context.Abort();
            else
                await context.Response.WriteAsync("answer");
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        var text = new string('x', 200_000);

        using var response = await PostAsync(gateway, text, chunked);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("answer", await response.Content.ReadAsStringAsync(Token));
        Assert.Equal([text, text], bodies);
    }

    [Fact]
    public async Task Forward_EveryReplicaLost_Is502AfterTwo()
    {
        var calls = 0;
        await using var worker = await ScriptedWorker.StartAsync(context =>
        {
            Interlocked.Increment(ref calls);
            context.Abort();
            return Task.CompletedTask;
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        using var response = await PostAsync(gateway, "{}");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal(2, calls);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Forward_IngressAnswersInPlaceOfAReplica_IsSentOnceMore(int status)
    {
        var calls = 0;
        await using var worker = await ScriptedWorker.StartAsync(context =>
        {
            if (Interlocked.Increment(ref calls) > 1)
                return context.Response.WriteAsync("answer");
            context.Response.StatusCode = status;
            context.Response.Headers["X-Ingress"] = "lost";
            return context.Response.WriteAsync("upstream connect error");
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        using var response = await PostAsync(gateway, "{}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("answer", await response.Content.ReadAsStringAsync(Token));
        Assert.False(response.Headers.Contains("X-Ingress"));
    }

    [Fact]
    public async Task Forward_WorkerIsBeingStopped_IsSentOnceMore()
    {
        var calls = 0;
        await using var worker = await ScriptedWorker.StartAsync(context =>
        {
            if (Interlocked.Increment(ref calls) > 1)
                return context.Response.WriteAsync("answer");
            context.Response.StatusCode = 503;
            context.Response.ContentType = "application/json";
            context.Response.Headers[InferenceHeaders.Refused] = "stopping";
            return context.Response.WriteAsync("""{"error":"This worker is being stopped."}""");
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        using var response = await PostAsync(gateway, "{}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("answer", await response.Content.ReadAsStringAsync(Token));
        Assert.False(response.Headers.Contains(InferenceHeaders.Refused));
    }

    [Fact]
    public async Task Forward_ErrorOfTheWorker_PassesAsItIs()
    {
        await using var worker = await ScriptedWorker.StartAsync(503, """{"error":"loading"}""");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        using var response = await PostAsync(gateway, "{}");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("loading", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Single(worker.Bodies);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Forward_BodyTooLargeToKeep_Is502AndSaysSo(bool chunked)
    {
        var calls = 0;
        await using var worker = await ScriptedWorker.StartAsync(async context =>
        {
            Interlocked.Increment(ref calls);
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Abort();
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        using var response = await PostAsync(gateway, new string('x', GatewayFixture.ReplayBytes + 1), chunked);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains($"{GatewayFixture.ReplayBytes} bytes", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Forward_ReplicaLostInItsAnswer_BreaksTheAnswerAndIsNotSentAgain()
    {
        var calls = 0;
        await using var worker = await ScriptedWorker.StartAsync(async context =>
        {
            Interlocked.Increment(ref calls);
            await context.Response.WriteAsync("beginning");
            await context.Response.Body.FlushAsync();
            await Task.Delay(50);
            context.Abort();
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(gateway, "{}"));

        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Forward_ManyLostAtOnce_EachIsAnsweredWithItsOwnBody()
    {
        var seen = new ConcurrentDictionary<string, bool>();
        await using var worker = await ScriptedWorker.StartAsync(async context =>
        {
            var body = await ReadAsync(context);
            if (seen.TryAdd(body, true))
                context.Abort();
            else
                await context.Response.WriteAsync(body);
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        var texts = Enumerable.Range(0, 64).Select(i => $"{i}:{new string((char)('a' + (i % 26)), 1000 * i)}").ToArray();

        var answers = await Task.WhenAll(texts.Select(async text =>
        {
            using var response = await PostAsync(gateway, text);
            return await response.Content.ReadAsStringAsync(Token);
        }));

        Assert.Equal(texts, answers);
    }

    private static async Task<HttpResponseMessage> PostAsync(GatewayFixture gateway, string body, bool chunked = false)
    {
        using var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, Infer) { Content = new StringContent(body) };
        request.Headers.TransferEncodingChunked = chunked;
        return await client.SendAsync(request, Token);
    }

    private static async Task<string> ReadAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}

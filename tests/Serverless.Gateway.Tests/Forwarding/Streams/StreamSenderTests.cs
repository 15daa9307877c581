using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Serverless.Gateway.Tests.Holding;

namespace Serverless.Gateway.Tests.Forwarding.Streams;

public sealed class StreamSenderTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Request = """{"model":"m","messages":[],"stream":true}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Chat, Request)]
    [InlineData("/v2/models/m/generate_stream", "{}")]
    public async Task Stream_WhileItIsHeld_HasHeartbeatsAndThenTheAnswer(string path, string body)
    {
        var time = new FakeTimeProvider();
        var awake = new TaskCompletionSource();
        await using var worker = await ScriptedWorker.StartAsync(context => AnswerAsync(context, "data: a\n\n", "data: [DONE]\n\n"), _ => awake.Task);
        await using var gateway = await GatewayFixture.StartAsync(worker.Url, time);
        using var client = gateway.CreateClient();
        var start = time.GetUtcNow();

        using var response = await HoldingTests.PassTimeUntilAsync(PostAsync(client, path, body), time);
        var first = time.GetUtcNow() - start;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        Assert.Equal(": waiting", await reader.ReadLineAsync(Token));
        Assert.Equal("", await reader.ReadLineAsync(Token));
        Assert.Equal(": waiting", await HoldingTests.PassTimeUntilAsync(reader.ReadLineAsync(Token).AsTask(), time));
        awake.SetResult();
        var rest = await reader.ReadToEndAsync(Token);

        Assert.InRange(first, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Matches("^\n(: waiting\n\n)*: server-timing gateway-hold;dur=[0-9.]+, wake;dur=[0-9.]+, queue;dur=1\n\ndata: a\n\ndata: \\[DONE\\]\n\n$", rest);
        Assert.Equal(1, worker.WakeUps);
    }

    [Fact]
    public async Task Stream_NoReplicaInTime_EndsWithAnErrorEvent()
    {
        var time = new FakeTimeProvider();
        await using var worker = await ScriptedWorker.StartAsync(_ => Task.CompletedTask, context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var gateway = await GatewayFixture.StartAsync(worker.Url, time);
        using var client = gateway.CreateClient();

        using var response = await HoldingTests.PassTimeUntilAsync(PostAsync(client, Chat, Request), time);
        var text = await HoldingTests.PassTimeUntilAsync(response.Content.ReadAsStringAsync(Token), time);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.InRange(text.Split(": waiting\n\n").Length - 1, 5, 40);
        Assert.Matches("\n\ndata: {\"error\":{.*/v1/async/chat/completions.*\"model_unavailable\"}}\n\n$", text);
    }

    [Fact]
    public async Task Stream_ErrorOfTheWorkerAfterAHeartbeat_IsAnErrorEvent()
    {
        const string Error = """{"error":{"message":"no","type":"invalid_request_error","param":null,"code":"invalid_request"}}""";
        var time = new FakeTimeProvider();
        var awake = new TaskCompletionSource();
        await using var worker = await ScriptedWorker.StartAsync(context => FailAsync(context, 400, Error), _ => awake.Task);
        await using var gateway = await GatewayFixture.StartAsync(worker.Url, time);
        using var client = gateway.CreateClient();

        using var response = await HoldingTests.PassTimeUntilAsync(PostAsync(client, Chat, Request), time);
        awake.SetResult();

        Assert.EndsWith($": waiting\n\ndata: {Error}\n\n", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_ErrorOfTheWorkerBeforeAnything_IsAnErrorAsUsual()
    {
        await using var worker = await ScriptedWorker.StartAsync(context => FailAsync(context, 400, """{"error":"no"}"""));
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();

        using var response = await PostAsync(client, Chat, Request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("""{"error":"no"}""", await response.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Stream_AnsweredAtOnce_HasNoHeartbeatsAndTheTimesInAHeader()
    {
        await using var worker = await ScriptedWorker.StartAsync(context => AnswerAsync(context, "data: a\n\n"));
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();

        using var response = await PostAsync(client, Chat, Request);

        Assert.Equal("data: a\n\n", await response.Content.ReadAsStringAsync(Token));
        Assert.Matches("^gateway-hold;dur=[0-9.]+, wake;dur=[0-9.]+, queue;dur=1$", string.Join(", ", response.Headers.GetValues("Server-Timing")));
    }

    [Fact]
    public async Task Stream_ReplicaLostInTheMiddle_EndsWithAnErrorEventAfterWholeOnes()
    {
        var calls = 0;
        await using var worker = await ScriptedWorker.StartAsync(async context =>
        {
            Interlocked.Increment(ref calls);
            await AnswerAsync(context, "data: a\n\n", "data: {\"cut");
            await Task.Delay(50);
            context.Abort();
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();

        using var response = await PostAsync(client, Chat, Request);
        var text = await response.Content.ReadAsStringAsync(Token);

        Assert.StartsWith("data: a\n\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("cut", text, StringComparison.Ordinal);
        Assert.Matches("\n\ndata: {\"error\":{\"message\":\"The replica that wrote this answer was lost;.*\"worker_unreachable\"}}\n\n$", text);
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Stream_ReplicaLostBeforeItsFirstEvent_IsSentOnceMore()
    {
        var calls = 0;
        await using var worker = await ScriptedWorker.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref calls) == 1)
                context.Abort();
            else
                await AnswerAsync(context, "data: a\n\n");
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();

        using var response = await PostAsync(client, Chat, Request);

        Assert.Equal("data: a\n\n", await response.Content.ReadAsStringAsync(Token));
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Stream_ClientLeaves_CancelsTheWorkersRequest()
    {
        var left = new TaskCompletionSource();
        await using var worker = await ScriptedWorker.StartAsync(async context =>
        {
            context.RequestAborted.Register(() => left.TrySetResult());
            await AnswerAsync(context, "data: a\n\n");
            await left.Task;
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();

        (await PostAsync(client, Chat, Request)).Dispose();

        await left.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    private static async Task AnswerAsync(HttpContext context, params string[] events)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["Server-Timing"] = "queue;dur=1";
        foreach (var text in events)
        {
            await context.Response.WriteAsync(text);
            await context.Response.Body.FlushAsync();
        }
    }

    private static Task FailAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }
}

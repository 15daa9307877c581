using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Serverless.Contracts.Http;

namespace Serverless.Gateway.Tests.Forwarding;

/// <summary>Limits of tokens and rows a minute, over HTTP.</summary>
public sealed class ChargedDeliveryTests
{
    private const string Embeddings = "/v1/embeddings";
    private const string Chat = "/v1/chat/completions";
    private const string Infer = "/v2/models/m/infer";

    // 400 bytes are 100 tokens.
    private static readonly string Text = $$"""{"model":"m","input":"{{new string('a', 376)}}"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tokens_AnswerThatTellsThem_CorrectsTheEstimate()
    {
        string? asked = null;
        await using var worker = await ScriptedWorker.StartAsync(context =>
        {
            asked = context.Request.Headers[InferenceHeaders.Usage];
            return TellAsync(context, "30");
        });
        await using var gateway = await StartAsync(worker);

        using var response = await PostAsync(gateway, Embeddings, Text);

        Assert.Equal("include", asked);
        Assert.Equal("1000", HeaderOf(response, "x-ratelimit-limit-tokens"));
        Assert.Equal("970", HeaderOf(response, "x-ratelimit-remaining-tokens"));
        Assert.Equal("1.8s", HeaderOf(response, "x-ratelimit-reset-tokens"));
    }

    [Fact]
    public async Task Tokens_MoreThanAreFree_Are429AndNeverReachAWorker()
    {
        var sent = 0;
        await using var worker = await ScriptedWorker.StartAsync(context =>
        {
            sent++;
            return TellAsync(context, "950");
        });
        await using var gateway = await StartAsync(worker);
        using var first = await PostAsync(gateway, Embeddings, Text);

        using var second = await PostAsync(gateway, Embeddings, Text);

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        var error = JsonElement.Parse(await second.Content.ReadAsStringAsync(Token)).GetProperty("error");
        Assert.Equal(
            "The limit of 1000 tokens per minute for 'test' is reached; the 100 that this request may take are free in 3.0 s.",
            error.GetProperty("message").GetString());
        Assert.Equal(TimeSpan.FromSeconds(3), second.Headers.RetryAfter?.Delta);
        Assert.Equal("50", HeaderOf(second, "x-ratelimit-remaining-tokens"));
        Assert.Equal(1, sent);
    }

    [Fact]
    public async Task Tokens_RequestLargerThanTheLimit_WaitsForAFullBucketAndNotForEver()
    {
        await using var worker = await ScriptedWorker.StartAsync(context => TellAsync(context, "20"));
        await using var gateway = await StartAsync(worker);

        using var large = await PostAsync(gateway, Chat, """{"model":"m","messages":[],"max_tokens":100000}""");
        using var again = await PostAsync(gateway, Chat, """{"model":"m","messages":[],"max_tokens":100000}""");

        Assert.Equal(HttpStatusCode.OK, large.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, again.StatusCode);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(500)]
    public async Task Tokens_AnswerThatIsAnError_CostsNothing(int status)
    {
        await using var worker = await ScriptedWorker.StartAsync(status, """{"error":{"message":"no"}}""");
        await using var gateway = await StartAsync(worker);

        using var response = await PostAsync(gateway, Embeddings, Text);

        Assert.Equal("1000", HeaderOf(response, "x-ratelimit-remaining-tokens"));
    }

    [Fact]
    public async Task Tokens_WorkerThatIsLost_CostNothing()
    {
        var isLost = true;
        await using var worker = await ScriptedWorker.StartAsync(context =>
        {
            if (!isLost)
                return TellAsync(context, "30");
            context.Abort();
            return Task.CompletedTask;
        });
        await using var gateway = await StartAsync(worker);
        using var lost = await PostAsync(gateway, Embeddings, Text);
        isLost = false;

        using var response = await PostAsync(gateway, Embeddings, Text);

        Assert.False(lost.IsSuccessStatusCode);
        Assert.Equal("970", HeaderOf(response, "x-ratelimit-remaining-tokens"));
    }

    [Theory]
    [InlineData(Chat, """{"model":"m","messages":[],"stream":true,"max_tokens":500}""")]
    [InlineData("/v2/models/m/generate_stream", """{"text_input":"a","max_tokens":500}""")]
    public async Task Tokens_Stream_AreCorrectedByTheCommentAtItsEnd(string path, string body)
    {
        await using var worker = await ScriptedWorker.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: {\"text\":\": usage 1\"}\n\n");
            await context.Response.WriteAsync(": usage 200\n\ndata: [DONE]\n\n");
        });
        await using var gateway = await StartAsync(worker);

        using var stream = await PostAsync(gateway, path, body);
        await stream.Content.ReadAsStringAsync(Token);
        using var next = await PostAsync(gateway, Chat, """{"model":"m","messages":[],"max_tokens":0}""");

        Assert.True(stream.Headers.Contains("x-ratelimit-remaining-tokens"));
        // What the next one is expected to take for its few bytes was not corrected: its answer is no stream, and tells nothing.
        Assert.Equal((800 - 10).ToString(CultureInfo.InvariantCulture), HeaderOf(next, "x-ratelimit-remaining-tokens"));
    }

    [Fact]
    public async Task Tokens_CallerWhoLeaves_PaysTheEstimateUntilItFlowsOff()
    {
        var time = new FakeTimeProvider();
        var isStuck = true;
        await using var worker = await ScriptedWorker.StartAsync(
            context => isStuck ? Task.Delay(Timeout.Infinite, context.RequestAborted) : TellAsync(context, "0"));
        await using var gateway = await StartAsync(worker, time);
        using (var leave = CancellationTokenSource.CreateLinkedTokenSource(Token))
        {
            var left = PostAsync(gateway, Embeddings, Text, leave);
            await Task.Delay(300, Token);
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        }

        isStuck = false;
        using var after = await PostAsync(gateway, Embeddings, Text);
        time.Advance(TimeSpan.FromMinutes(1));
        using var later = await PostAsync(gateway, Embeddings, Text);

        Assert.Equal("900", HeaderOf(after, "x-ratelimit-remaining-tokens"));
        Assert.Equal("1000", HeaderOf(later, "x-ratelimit-remaining-tokens"));
    }

    [Fact]
    public async Task Rows_Inference_AreThoseOfItsShapeUntilTheWorkerTells()
    {
        await using var worker = await ScriptedWorker.StartAsync(context => TellAsync(context, "8"));
        await using var gateway = await StartAsync(worker);

        using var first = await PostAsync(gateway, Infer, """{"inputs":[{"name":"x","shape":[8,2]}]}""");
        using var second = await PostAsync(gateway, Infer, """{"inputs":[{"name":"x","shape":[93,2]}]}""");

        Assert.Equal("92", HeaderOf(first, "x-ratelimit-remaining-rows"));
        Assert.False(first.Headers.Contains("x-ratelimit-limit-tokens"));
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Contains("100 rows per minute", await second.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Charge_TenantWithoutLimits_AsksForNothing()
    {
        var asked = true;
        await using var worker = await ScriptedWorker.StartAsync(context =>
        {
            asked = context.Request.Headers.ContainsKey(InferenceHeaders.Usage);
            return Task.CompletedTask;
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        using var response = await PostAsync(gateway, Infer, "{}");

        Assert.False(asked);
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("x-ratelimit", StringComparison.OrdinalIgnoreCase));
    }

    private static Task<GatewayFixture> StartAsync(ScriptedWorker worker, TimeProvider? time = null) => GatewayFixture.StartAsync(
        worker.Url, time ?? new FakeTimeProvider(), ("Limits:TokensPerMinute", "1000"), ("Limits:RowsPerMinute", "100"));

    private static Task TellAsync(HttpContext context, string used)
    {
        context.Response.Headers[InferenceHeaders.Usage] = used;
        return context.Response.WriteAsync("{}");
    }

    private static async Task<HttpResponseMessage> PostAsync(GatewayFixture gateway, string path, string body, CancellationTokenSource? leave = null)
    {
        using var client = gateway.CreateClient();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await client.PostAsync(path, content, leave?.Token ?? Token);
    }

    private static string HeaderOf(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}

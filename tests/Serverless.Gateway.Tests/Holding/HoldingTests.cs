using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Serverless.Gateway.Holding;
using Serverless.Gateway.Tests.Forwarding;

namespace Serverless.Gateway.Tests.Holding;

public sealed class HoldingTests
{
    private const string Infer = "/v2/models/m/infer";
    private const string Embeddings = "/v1/embeddings";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hold_200AtOnceWhileCold_WakesOnceAndAnswersAll()
    {
        var awake = new TaskCompletionSource();
        await using var worker = await ScriptedWorker.StartAsync(EchoAsync, _ => awake.Task);
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();

        var calls = Enumerable.Range(0, 200).Select(i => PostAsync(client, Infer, $"body {i}")).ToArray();
        await HeldAsync(gateway, 200);
        awake.SetResult();
        var answers = await Task.WhenAll(calls);

        Assert.Equal(1, worker.WakeUps);
        Assert.Equal(0, gateway.Get<HeldRequests>().Count);
        for (var i = 0; i < answers.Length; i++)
        {
            Assert.Equal($"body {i}", await answers[i].Content.ReadAsStringAsync(Token));
            Assert.Matches(@"^gateway-hold;dur=[0-9.]+, wake;dur=[0-9.]+$", TimingOf(answers[i]));
            answers[i].Dispose();
        }
    }

    [Fact]
    public async Task Hold_WarmReplica_IsNotAskedAgainUntilItWasQuietForAWhile()
    {
        var time = new FakeTimeProvider();
        await using var worker = await ScriptedWorker.StartAsync(EchoAsync);
        await using var gateway = await GatewayFixture.StartAsync(worker.Url, time);
        using var client = gateway.CreateClient();

        (await PostAsync(client, Infer, "{}")).Dispose();
        time.Advance(TimeSpan.FromSeconds(29));
        using var warm = await PostAsync(client, Infer, "{}");
        var before = worker.WakeUps;
        time.Advance(TimeSpan.FromSeconds(31));
        (await PostAsync(client, Infer, "{}")).Dispose();

        Assert.False(warm.Headers.Contains("Server-Timing"));
        Assert.Equal(1, before);
        Assert.Equal(2, worker.WakeUps);
    }

    [Fact]
    public async Task Hold_IngressThatRefuses_IsAskedUntilAReplicaAnswers()
    {
        var statuses = new ConcurrentQueue<int>([503, 502, 504]);
        await using var worker = await ScriptedWorker.StartAsync(EchoAsync, context =>
        {
            context.Response.StatusCode = statuses.TryDequeue(out var status) ? status : 200;
            return Task.CompletedTask;
        });
        var time = new FakeTimeProvider();
        await using var gateway = await GatewayFixture.StartAsync(worker.Url, time);
        using var client = gateway.CreateClient();

        using var response = await PassTimeUntilAsync(PostAsync(client, Infer, "{}"), time);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(4, worker.WakeUps);
    }

    [Fact]
    public async Task Hold_NobodyListens_IsAnsweredOnceSomebodyDoes()
    {
        var gone = await ScriptedWorker.StartAsync(EchoAsync);
        var url = gone.Url;
        await gone.DisposeAsync();
        await using var gateway = await GatewayFixture.StartAsync(url);
        using var client = gateway.CreateClient();

        var call = PostAsync(client, Infer, "late");
        await HeldAsync(gateway, 1);
        await using var worker = await ScriptedWorker.StartAsync(EchoAsync, port: url.Port);
        using var response = await call;

        Assert.Equal("late", await response.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Hold_ReplicasGoneSinceTheLastAnswer_IsHeldUntilOneIsBack()
    {
        var first = await ScriptedWorker.StartAsync(EchoAsync);
        var url = first.Url;
        await using var gateway = await GatewayFixture.StartAsync(url);
        using var client = gateway.CreateClient();
        (await PostAsync(client, Infer, "warm")).Dispose();
        await first.DisposeAsync();

        var call = PostAsync(client, Infer, "late");
        await HeldAsync(gateway, 1);
        await using var worker = await ScriptedWorker.StartAsync(EchoAsync, port: url.Port);
        using var response = await call;

        Assert.Equal("late", await response.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Hold_MoreThanMayWait_Is429WithRetryAfter()
    {
        var awake = new TaskCompletionSource();
        await using var worker = await ScriptedWorker.StartAsync(EchoAsync, _ => awake.Task);
        await using var gateway = await GatewayFixture.StartAsync(worker.Url, null, ("MaxRequests", "2"), ("MaxRequestsPerModel", "2"), ("MaxRequestsPerTenant", "2"));
        using var client = gateway.CreateClient();
        var held = new[] { PostAsync(client, Infer, "1"), PostAsync(client, Infer, "2") };
        await HeldAsync(gateway, 2);

        using var refused = await PostAsync(client, Infer, "3");
        awake.SetResult();

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        foreach (var call in held)
        {
            using var response = await call;
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("/v2/models/nobody/infer", "{}")]
    [InlineData("/v2/models/m/versions/7/infer", "{}")]
    [InlineData("/v2/models/m:prod/infer", "{}")]
    [InlineData(Embeddings, """{"input":"x","model":"nobody"}""")]
    [InlineData(Embeddings, """{"model":"Not A Name","input":"x"}""")]
    public async Task Hold_ModelThatDoesNotExist_Is404AndWakesNobody(string path, string body)
    {
        await using var worker = await ScriptedWorker.StartAsync(EchoAsync);
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();

        using var response = await PostAsync(client, path, body);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(0, worker.WakeUps);
    }

    [Theory]
    [InlineData("stranger", "{}", HttpStatusCode.Unauthorized)]
    [InlineData("spent", "{}", HttpStatusCode.TooManyRequests)]
    [InlineData("key", null, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Hold_WrongKeyOrPastALimit_IsRefusedAndWakesNobody(string key, string? body, HttpStatusCode status)
    {
        await using var worker = await ScriptedWorker.StartAsync(EchoAsync);
        await using var gateway = await GatewayFixture.StartAsync(worker.Url, null, ("Limits:RequestsPerMinute", "1"));
        using var client = gateway.CreateClient(key == "spent" ? "key" : key);
        if (key == "spent")
            (await PostAsync(client, "/v2/models/nobody/infer", "{}")).Dispose();

        using var response = await PostAsync(client, Infer, body ?? new string(' ', (int)GatewayFixture.MaxBodyBytes + 1));

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(0, gateway.Get<HeldRequests>().Count);
        Assert.Equal(0, worker.WakeUps);
    }

    [Theory]
    [InlineData("""{"input":"x","model":"m:1"}""")]
    [InlineData("no JSON at all")]
    [InlineData("""{"input":"x"}""")]
    public async Task Hold_ModelThatExistsOrIsNotSaid_IsTheWorkersToJudge(string body)
    {
        await using var worker = await ScriptedWorker.StartAsync(EchoAsync);
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();

        using var response = await PostAsync(client, Embeddings, body);

        Assert.Equal(body, await response.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [InlineData(Infer, "{}", "/v1/async/v2/models/m/infer")]
    [InlineData(Embeddings, """{"model":"m"}""", "/v1/async/embeddings")]
    public async Task Hold_NoReplicaInTime_Is503NamingTheAsynchronousEndpoint(string path, string body, string expected)
    {
        var time = new FakeTimeProvider();
        await using var worker = await ScriptedWorker.StartAsync(EchoAsync, context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var gateway = await GatewayFixture.StartAsync(worker.Url, time);
        using var client = gateway.CreateClient();
        var start = time.GetUtcNow();

        using var response = await PassTimeUntilAsync(PostAsync(client, path, body), time);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Contains($"Sent to {expected}, or with the header 'Prefer: respond-async'", await MessageOfAsync(response), StringComparison.Ordinal);
        Assert.True(time.GetUtcNow() - start >= TimeSpan.FromSeconds(200));
        Assert.Equal(0, gateway.Get<HeldRequests>().Count);
    }

    [Fact]
    public async Task Send_WarmReplicaThatDoesNotAnswer_Is503InTimeToo()
    {
        var time = new FakeTimeProvider();
        await using var worker = await ScriptedWorker.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var gateway = await GatewayFixture.StartAsync(worker.Url, time);
        using var client = gateway.CreateClient();

        using var response = await PassTimeUntilAsync(PostAsync(client, Infer, "{}"), time);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("/v1/async/", await MessageOfAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hold_ClientLeaves_FreesItsPlaceAndAbandonsTheWakeUp()
    {
        var abandoned = new TaskCompletionSource();
        await using var worker = await ScriptedWorker.StartAsync(EchoAsync, async context =>
        {
            context.RequestAborted.Register(() => abandoned.TrySetResult());
            await abandoned.Task;
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();
        using var leaving = new CancellationTokenSource();
        var call = client.PostAsync(Infer, new StringContent("{}"), leaving.Token);
        await HeldAsync(gateway, 1);
        while (worker.WakeUps == 0)
            await Task.Delay(5, Token);

        await leaving.CancelAsync();

        await HeldAsync(gateway, 0);
        await abandoned.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Hold_AnswerWithTimesOfTheWorker_HasTheGatewaysBeforeThem()
    {
        await using var worker = await ScriptedWorker.StartAsync(context =>
        {
            context.Response.Headers["Server-Timing"] = "queue;dur=1.000, fetch;dur=2";
            return Task.CompletedTask;
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();

        using var response = await PostAsync(client, Infer, "{}");

        Assert.Matches(@"^gateway-hold;dur=[0-9.]+, wake;dur=[0-9.]+, queue;dur=1.000, fetch;dur=2$", TimingOf(response));
    }

    [Fact]
    public void MaxRequests_ByDefault_IsTheNumberOfTheScaleRules()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); ; folder = folder.Parent!)
        {
            var file = Path.Combine(folder.FullName, "infra", "scale.json");
            if (!File.Exists(file))
                continue;
            using var rules = JsonDocument.Parse(File.ReadAllText(file));
            Assert.Equal(rules.RootElement.GetProperty("worker").GetProperty("maxHeldRequests").GetInt32(), new HoldingOptions().MaxRequests);
            return;
        }
    }

    /// <summary>Waits until so many requests are held.</summary>
    internal static async Task HeldAsync(GatewayFixture gateway, int count)
    {
        var held = gateway.Get<HeldRequests>();
        for (var watch = Stopwatch.StartNew(); held.Count != count; await Task.Delay(5, Token))
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{held.Count} are held, not {count}.");
    }

    /// <summary>Lets the gateway's time pass until <paramref name="task"/> is done.</summary>
    internal static async Task<T> PassTimeUntilAsync<T>(Task<T> task, FakeTimeProvider time)
    {
        for (var watch = Stopwatch.StartNew(); !task.IsCompleted; await Task.Delay(1, Token))
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), "It does not end.");
            time.Advance(TimeSpan.FromSeconds(0.5));
        }

        return await task;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string body) =>
        client.PostAsync(path, new StringContent(body), Token);

    private static async Task EchoAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        await context.Response.WriteAsync(await reader.ReadToEndAsync());
    }

    private static string TimingOf(HttpResponseMessage response) => string.Join(", ", response.Headers.GetValues("Server-Timing"));

    private static async Task<string> MessageOfAsync(HttpResponseMessage response)
    {
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        var error = body.RootElement.GetProperty("error");
        return error.ValueKind == JsonValueKind.String ? error.GetString()! : error.GetProperty("message").GetString()!;
    }
}

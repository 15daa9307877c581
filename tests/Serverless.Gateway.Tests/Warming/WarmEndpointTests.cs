using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Serverless.Gateway.Tests.Forwarding;

namespace Serverless.Gateway.Tests.Warming;

public sealed class WarmEndpointTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Warm_Model_WakesAReplicaAndLoadsIt()
    {
        var loads = new ConcurrentQueue<string>();
        await using var worker = await ScriptedWorker.StartAsync(context =>
        {
            loads.Enqueue($"{context.Request.Method} {context.Request.Path}");
            return Task.CompletedTask;
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        var (status, body) = await PostAsync(gateway, """{"models":["m","m:1","m"]}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("ready", body.GetProperty("status").GetString());
        Assert.Equal("ready", body.GetProperty("replica").GetProperty("status").GetString());
        Assert.Equal(["m ready", "m:1 ready"], StatesOf(body));
        Assert.Equal(["POST /v2/repository/models/m/load", "POST /v2/repository/models/m:1/load"], loads.Order(StringComparer.Ordinal));
        Assert.Equal(1, worker.WakeUps);
    }

    [Fact]
    public async Task Warm_LongerThanTheWait_Is202AndGoesOn()
    {
        var loads = 0;
        var loaded = new TaskCompletionSource();
        await using var worker = await ScriptedWorker.StartAsync(_ =>
        {
            Interlocked.Increment(ref loads);
            return loaded.Task;
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        var (first, begun) = await PostAsync(gateway, """{"models":["m"],"wait":0}""");
        Assert.Equal(HttpStatusCode.Accepted, first);
        while (Volatile.Read(ref loads) == 0)
            await Task.Delay(5, Token);
        var joined = PostAsync(gateway, """{"models":["m"]}""");
        await Task.Delay(50, Token);
        loaded.SetResult();
        var (second, _) = await joined;

        Assert.Equal(["m loading"], StatesOf(begun));
        Assert.Equal(HttpStatusCode.OK, second);
        Assert.Equal(1, loads);
    }

    [Fact]
    public async Task Warm_ModelThatCannotBeLoaded_Is503AndSaysWhy()
    {
        await using var worker = await ScriptedWorker.StartAsync(503, """{"error":"its weights do not verify"}""");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        var (status, body) = await PostAsync(gateway, """{"models":["m"]}""");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(["m failed"], StatesOf(body));
        Assert.Contains("do not verify", body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warm_ReplicaLostWhileItLoads_IsTriedOnAnother()
    {
        var loads = 0;
        await using var worker = await ScriptedWorker.StartAsync(context =>
        {
            if (Interlocked.Increment(ref loads) == 1)
                context.Abort();
            return Task.CompletedTask;
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        var (status, _) = await PostAsync(gateway, """{"models":["m"]}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(2, loads);
    }

    [Theory]
    [InlineData("""{"models":["nobody"]}""", HttpStatusCode.NotFound, "nobody")]
    [InlineData("""{"models":"m"}""", HttpStatusCode.BadRequest, "models")]
    [InlineData("""{"models":[null]}""", HttpStatusCode.BadRequest, "models")]
    [InlineData("""{"wait":201}""", HttpStatusCode.BadRequest, "0 to 200")]
    [InlineData("""{"replicas":3}""", HttpStatusCode.BadRequest, "replicas")]
    [InlineData("nonsense", HttpStatusCode.BadRequest, "wait")]
    public async Task Warm_WrongRequest_SaysWhatIsWrongAndWakesNobody(string request, HttpStatusCode expected, string named)
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        var (status, body) = await PostAsync(gateway, request);

        Assert.Equal(expected, status);
        Assert.Contains(named, body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, worker.WakeUps);
    }

    [Fact]
    public async Task Warm_KeyThatIsNoOperators_Is403()
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        var (status, _) = await PostAsync(gateway, "{}", key: "key");

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Equal(0, worker.WakeUps);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(GatewayFixture gateway, string json, string key = "master")
    {
        using var client = gateway.CreateClient(key);
        using var response = await client.PostAsync("/v1/warm", new StringContent(json, Encoding.UTF8, "application/json"), Token);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        return (response.StatusCode, body.RootElement.Clone());
    }

    private static IEnumerable<string> StatesOf(JsonElement body) => body.GetProperty("models").EnumerateArray()
        .Select(model => $"{model.GetProperty("model").GetString()} {model.GetProperty("status").GetString()}");
}

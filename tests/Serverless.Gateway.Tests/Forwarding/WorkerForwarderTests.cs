using System.Net;
using System.Text;
using System.Text.Json;
using Serverless.Contracts.Http;

namespace Serverless.Gateway.Tests.Forwarding;

public sealed class WorkerForwarderTests
{
    private const string Infer = "/v2/models/m/infer";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Forward_Headers_KeepsKeysToItself()
    {
        string seen = "";
        await using var worker = await ScriptedWorker.StartAsync(context =>
        {
            seen = string.Join('\n', context.Request.Headers.Select(header => $"{header.Key}: {header.Value}"));
            return Task.CompletedTask;
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();
        client.DefaultRequestHeaders.Add("Cookie", "session=secret");
        client.DefaultRequestHeaders.Add("X-Trace", "kept");

        using var response = await client.PostAsync(Infer, new StringContent("{}"), Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("X-Trace: kept", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("api-key", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secret", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Forward_BodyOverTheLimit_Is413AndSaysTheLimit(bool chunked)
    {
        await using var worker = await ScriptedWorker.StartAsync(context => context.Request.Body.CopyToAsync(Stream.Null));
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, Infer) { Content = new ByteArrayContent(new byte[GatewayFixture.MaxBodyBytes + 1]) };
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("1048576", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forward_BodyAtTheLimit_Passes()
    {
        long received = 0;
        await using var worker = await ScriptedWorker.StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received = body.Length;
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();

        using var response = await client.PostAsync(Infer, new ByteArrayContent(new byte[GatewayFixture.MaxBodyBytes]), Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(GatewayFixture.MaxBodyBytes, received);
    }

    [Fact]
    public async Task Forward_CostAskedFor_IsToldByTheWorkersHeadersBehindTheGatewaysOwn()
    {
        string? asked = null;
        await using var worker = await ScriptedWorker.StartAsync(context =>
        {
            asked = context.Request.Headers[InferenceHeaders.Cost];
            context.Response.Headers[InferenceHeaders.Cost] = "0.000012";
            context.Response.Headers["Server-Timing"] = "run;dur=1.2, cost;desc=\"0.000012 USD\"";
            return Task.CompletedTask;
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();
        client.DefaultRequestHeaders.Add(InferenceHeaders.Cost, InferenceHeaders.Include);

        using var response = await client.PostAsync(Infer, new StringContent("{}"), Token);

        Assert.Equal("include", asked);
        Assert.Equal("0.000012", response.Headers.GetValues(InferenceHeaders.Cost).Single());
        Assert.EndsWith("run;dur=1.2, cost;desc=\"0.000012 USD\"", response.Headers.GetValues("Server-Timing").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forward_TenantThatTheCallerClaims_IsReplacedByTheKeysName()
    {
        string? tenant = null;
        await using var worker = await ScriptedWorker.StartAsync(context =>
        {
            tenant = context.Request.Headers[InferenceHeaders.Tenant];
            return Task.CompletedTask;
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient("master");
        client.DefaultRequestHeaders.Add(InferenceHeaders.Tenant, "somebody-else");

        using var response = await client.GetAsync("/v2", Token);

        Assert.Equal("operator", tenant);
    }

    [Theory]
    [InlineData("/v2/repository/index")]
    [InlineData("/v2/repository/models/m/load")]
    [InlineData("/v2/repository/models/m:1/unload")]
    public async Task Forward_RepositoryPath_IsForOperatorsOnly(string path)
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var caller = gateway.CreateClient();
        using var master = gateway.CreateClient("master");

        using var refused = await caller.PostAsync(path, new StringContent("{}"), Token);
        var before = worker.Bodies.Count;
        using var served = await master.PostAsync(path, new StringContent("{}"), Token);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var body = JsonDocument.Parse(await refused.Content.ReadAsStringAsync(Token));
        Assert.Contains("operators", body.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, before);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Single(worker.Bodies);
    }

    [Fact]
    public async Task Forward_WrongMethod_Is405WithAllow()
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();

        using var response = await client.DeleteAsync(Infer, Token);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
        Assert.Empty(worker.Bodies);
    }

    [Theory]
    [InlineData("/v2/models/m/infer", "{\"error\":\"")]
    [InlineData("/v1/embeddings", "{\"error\":{\"message\":\"")]
    public async Task Forward_NoKey_Is401InTheProtocolsShape(string path, string start)
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = new HttpClient { BaseAddress = gateway.Url };

        using var response = await client.PostAsync(path, new StringContent("{}"), Token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith(start, await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Empty(worker.Bodies);
        Assert.Equal(0, worker.WakeUps);
    }

    [Fact]
    public async Task Forward_StreamedAnswer_PassesChunkByChunk()
    {
        var next = new SemaphoreSlim(0);
        await using var worker = await ScriptedWorker.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var i = 0; i < 3; i++)
            {
                await context.Response.WriteAsync($"data: {i}\n\n");
                await context.Response.Body.FlushAsync();
                await next.WaitAsync(context.RequestAborted);
            }
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, Infer) { Content = new StringContent("{}") };

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token), Encoding.UTF8);

        // The worker writes a chunk only after the one before was read here.
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal($"data: {i}", await reader.ReadLineAsync(Token));
            Assert.Equal("", await reader.ReadLineAsync(Token));
            next.Release();
        }
    }

    [Fact]
    public async Task Forward_ClientLeaves_CancelsTheWorkersRequest()
    {
        var left = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        await using var worker = await ScriptedWorker.StartAsync(async context =>
        {
            entered.SetResult();
            context.RequestAborted.Register(() => left.TrySetResult());
            await left.Task;
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();
        using var leaving = new CancellationTokenSource();

        var call = client.PostAsync(Infer, new StringContent("{}"), leaving.Token);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(5), Token);
        await leaving.CancelAsync();

        await left.Task.WaitAsync(TimeSpan.FromSeconds(5), Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Serverless.Contracts.Http;
using Serverless.Contracts.Telemetry;
using Serverless.Models.Manifest;
using Serverless.SampleModels.Decoders;
using Serverless.TestKit;

namespace Serverless.Worker.Tests.Costs;

/// <summary>What HTTP answers say that they cost.</summary>
public sealed class ToldCostTests(PricedWorkerFixture fixture) : IClassFixture<PricedWorkerFixture>
{
    private const string Embeddings = "/v1/embeddings";
    private const string Completions = "/v1/completions";
    private const string Chat = "/v1/chat/completions";
    private const string Infer = "/v2/models/scale/infer";

    private const string Texts = """{"model":"minilm","input":["a text","another text"]}""";
    private const string Prompt = """{"model":"writer","prompt":"a text","max_tokens":4,"ignore_eos":true}""";
    private const string Message = """{"model":"writer","messages":[{"role":"user","content":"a text"}],"max_tokens":4,"ignore_eos":true}""";
    private const string Tensor = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";

    // What a header rounds off.
    private const decimal Billionth = 0.000000001m;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Infer, Tensor)]
    [InlineData(Embeddings, Texts)]
    [InlineData(Completions, Prompt)]
    [InlineData(Chat, Message)]
    public async Task Headers_OfAnAnswer_TellItsCostWithItsCurrency(string path, string body)
    {
        using var answer = await PostAsync(fixture.Worker, path, body);

        var cost = Assert.Single(answer.Headers.GetValues(InferenceHeaders.Cost));
        Assert.True(decimal.Parse(cost, CultureInfo.InvariantCulture) > 0);
        Assert.EndsWith($", cost;desc=\"{cost} EUR\"", answer.Headers.GetValues("Server-Timing").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Embeddings, Texts)]
    [InlineData(Completions, Prompt)]
    [InlineData(Chat, Message)]
    public async Task Usage_OfAClientWhoAsks_HasTheCostOfTheHeader(string path, string body)
    {
        using var asking = await PostAsync(fixture.Worker, path, body, "include");
        using var silent = await PostAsync(fixture.Worker, path, body);

        var told = (await UsageAsync(asking)).GetProperty("cost").GetDecimal();
        Assert.InRange(told - CostOf(asking), -Billionth, Billionth);
        Assert.False((await UsageAsync(silent)).TryGetProperty("cost", out _));
    }

    [Theory]
    [InlineData(Completions, Prompt)]
    [InlineData(Chat, Message)]
    public async Task Stream_OfAClientWhoAsks_HasTheCostInItsLastChunk(string path, string body)
    {
        using var answer = await PostAsync(fixture.Worker, path, Streamed(body, ""","stream_options":{"include_usage":true}"""), "include");

        var chunks = await ChunksAsync(answer);
        Assert.All(chunks.SkipLast(1), chunk => Assert.Equal(JsonValueKind.Null, chunk.GetProperty("usage").ValueKind));
        Assert.True(chunks[^1].GetProperty("usage").GetProperty("cost").GetDecimal() > 0);
        // Not known when they leave.
        Assert.False(answer.Headers.Contains(InferenceHeaders.Cost));
    }

    [Theory]
    [InlineData(Completions, Prompt)]
    [InlineData(Chat, Message)]
    public async Task Stream_WithoutUsage_HasNoCost(string path, string body)
    {
        using var answer = await PostAsync(fixture.Worker, path, Streamed(body, ""), "include");

        Assert.All(await ChunksAsync(answer), chunk => Assert.False(chunk.TryGetProperty("usage", out _)));
    }

    [Theory]
    [InlineData(Embeddings, Texts, "yes")]
    [InlineData(Embeddings, Texts, "")]
    [InlineData(Completions, Prompt, "include, include")]
    [InlineData(Chat, Message, "true")]
    [InlineData(Chat, """{"model":"writer","messages":[{"role":"user","content":"a"}],"stream":true}""", "true")]
    [InlineData(Completions, """{"model":"missing","prompt":"a"}""", "true")]
    public async Task Asking_WithAnotherValue_IsRefusedBeforeAnythingRuns(string path, string body, string asked)
    {
        using var answer = await PostAsync(fixture.Worker, path, body, asked);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = (await RunningWorker.ReadAsync(answer)).GetProperty("error");
        Assert.Equal("X-Inference-Cost must be include.", error.GetProperty("message").GetString());
        Assert.Equal(InferenceHeaders.Cost, error.GetProperty("param").GetString());
        // What ran would have a cost.
        Assert.False(answer.Headers.Contains(InferenceHeaders.Cost));
    }

    [Fact]
    public async Task Headers_OfATenantsAnswers_AddUpToItsDeviceTimeByThePriceOfAllParts()
    {
        const string Tenant = "told-tenant";
        using var device = new MetricCollector<double>(
            fixture.Worker.Services.GetRequiredService<IMeterFactory>(), MetricNames.WorkerMeter, MetricNames.CostDeviceTime);
        var told = 0m;
        foreach (var (path, body) in new[] { (Infer, Tensor), (Embeddings, Texts), (Completions, Prompt), (Chat, Message) })
        {
            using var answer = await PostAsync(fixture.Worker, path, body, tenant: Tenant);
            told += CostOf(answer);
        }

        decimal Charged() => PricedWorkerFixture.PricePerSecond * (decimal)device.GetMeasurementSnapshot()
            .Where(measurement => (string?)measurement.Tags["tenant"] == Tenant).Sum(measurement => measurement.Value);
        var start = Stopwatch.GetTimestamp();
        while (Charged() < told - (4 * Billionth) && Stopwatch.GetElapsedTime(start) < Patience)
            await Task.Delay(50, Token);
        Assert.InRange(Charged() - told, -4 * Billionth, 4 * Billionth);
    }

    [Fact]
    public async Task Answer_WithoutPrices_SaysNothing()
    {
        await using var worker = await RunningWorker.StartAsync();
        using var folder = new TemporaryFolder();
        await worker.PushAsync("writer", ModelTasks.TextGeneration, DecoderBuilder.WriteRandom(folder.File("decoder"), DecoderShape.Tiny));

        using var answer = await PostAsync(worker, Completions, Prompt, "include");

        Assert.False(answer.Headers.Contains(InferenceHeaders.Cost));
        Assert.DoesNotContain("cost", answer.Headers.GetValues("Server-Timing").Single(), StringComparison.Ordinal);
        Assert.False((await UsageAsync(answer)).TryGetProperty("cost", out _));
    }

    private static async Task<HttpResponseMessage> PostAsync(
        RunningWorker worker, string path, string body, string? asked = null, string? tenant = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (asked is not null)
            request.Headers.Add(InferenceHeaders.Cost, asked);
        if (tenant is not null)
            request.Headers.Add(InferenceHeaders.Tenant, tenant);
        return await worker.Client.SendAsync(request, Token);
    }

    private static string Streamed(string body, string more) => $"{body[..^1]},\"stream\":true{more}}}";

    private static decimal CostOf(HttpResponseMessage answer) =>
        decimal.Parse(answer.Headers.GetValues(InferenceHeaders.Cost).Single(), CultureInfo.InvariantCulture);

    private static async Task<JsonElement> UsageAsync(HttpResponseMessage answer) =>
        (await RunningWorker.ReadAsync(answer)).GetProperty("usage");

    private static async Task<List<JsonElement>> ChunksAsync(HttpResponseMessage answer)
    {
        var events = (await answer.Content.ReadAsStringAsync(Token)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Where(text => text.StartsWith("data: ", StringComparison.Ordinal)).Select(text => text["data: ".Length..]).ToList();
        Assert.Equal("[DONE]", events[^1]);
        return [.. events.SkipLast(1).Select(text => JsonElement.Parse(text))];
    }
}

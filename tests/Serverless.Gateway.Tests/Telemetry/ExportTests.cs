using System.Net;
using System.Security.Cryptography;
using System.Text;
using Serverless.Contracts.Queues;
using Serverless.Contracts.Telemetry;
using Serverless.Gateway.Batches;
using Serverless.Gateway.Tests.Jobs;
using Serverless.TestKit.Telemetry;

namespace Serverless.Gateway.Tests.Telemetry;

/// <summary>What leaves the gateway over OTLP and to Azure Monitor, received on a local listener.</summary>
[Collection(JobsCollection.Name)]
public sealed class ExportTests(JobsFixture fixture)
{
    // Stands wherever callers and workers write: in keys, headers, bodies, prompts, answers, file names, custom ids and webhooks' paths.
    private const string Marker = "m4rk3r-0f-4-s3cr3t";
    private const string Embeddings = "/v1/embeddings";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Otlp_AfterRequestsAndABatch_HasSpansMetricsAndLogsWithoutPayloads()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        await RunAsync(
            withJobs: true, $"--OTEL_EXPORTER_OTLP_ENDPOINT={receiver.Url}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf");

        Assert.All(receiver.Spans, span => Assert.Equal("serverless-gateway", span.Service));
        Assert.Superset(
            new HashSet<string?> { "200", "400", "502" },
            receiver.Spans.Where(span => span["url.path"] == Embeddings).Select(span => span["http.response.status_code"]).ToHashSet());
        Assert.Contains(receiver.Spans, span => span.Span.Name == "finalize batch");
        Assert.Superset(
            new HashSet<string> { "http.server.request.duration", MetricNames.GatewayRequests, MetricNames.MessagingSent, "process_cpu_seconds_total" },
            receiver.Metrics.ToHashSet());
        Assert.Contains("exporter", TextOf(receiver, "/v1/metrics"), StringComparison.Ordinal);
        var logs = TextOf(receiver, "/v1/logs");
        Assert.Contains("serverless-gateway", logs, StringComparison.Ordinal);
        foreach (var message in new[] { "A request to {Path} was lost", "lines validated and cut into", "was rejected with", "lines completed" })
            Assert.Contains(message, logs, StringComparison.Ordinal);
        AssertNoPayload(receiver);
    }

    [Fact]
    public async Task AzureMonitor_AfterRequests_GetsRequestsMetricsAndLogsWithoutPayloads()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        await RunAsync(
            withJobs: false,
            $"--APPLICATIONINSIGHTS_CONNECTION_STRING=InstrumentationKey={Guid.NewGuid()};IngestionEndpoint={receiver.Url}/");

        var text = string.Concat(receiver.Received.Where(entry => entry.Path.EndsWith("/track", StringComparison.Ordinal))
            .Select(entry => Encoding.UTF8.GetString(entry.Body)));
        foreach (var part in new[] { "RequestData", "serverless-gateway", MetricNames.GatewayRequests, "MessageData", "was lost" })
            Assert.Contains(part, text, StringComparison.Ordinal);
        AssertNoPayload(receiver);
    }

    /// <summary>Lets a gateway answer, refuse and lose requests, and do jobs too; then stops it: what is left is sent then.</summary>
    private async Task RunAsync(bool withJobs, params string[] settings)
    {
        await using var worker = await ScriptedWorker.StartAsync(AnswerAsync);
        await using var gateway = await fixture.StartGatewayAsync(
        [
            .. settings, "--Telemetry:SampleRatio=1", $"--Gateway:WorkerUrl={worker.Url}", "--Gateway:ApiKeys:3:Name=exporter",
            $"--Gateway:ApiKeys:3:Sha256={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Marker)))}",
            $"--Gateway:ApiKeys:3:WebhookSecret={Marker}",
        ]);
        // The gateway is in this process, whose client would write its own trace over the test's.
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = new Uri(gateway.Urls.First()) };
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {Marker}");
        foreach (var header in new[] { "X-Request-Id", "User-Agent", "Cookie", "Idempotency-Key", "X-Inference-Routing-Key" })
            client.DefaultRequestHeaders.Add(header, Marker);
        await AskAsync(client);
        if (withJobs)
            await RunJobsAsync(gateway, client, $"{worker.Url}{Marker}");
        await gateway.StopAsync(Token);
    }

    private static async Task AskAsync(HttpClient client)
    {
        foreach (var (path, body, status) in new[]
        {
            (Embeddings, $$"""{"model":"small","input":"{{Marker}}"}""", HttpStatusCode.OK),
            ("/v1/chat/completions", $$"""{"model":"small","messages":[{"role":"user","content":"{{Marker}}"}],"stream":true}""", HttpStatusCode.OK),
            ("/v2/models/small/infer", $$"""{"id":"{{Marker}}","inputs":[]}""", HttpStatusCode.OK),
            (Embeddings, $$"""{"model":"small","input":"{{Marker}} refuse"}""", HttpStatusCode.BadRequest),
            (Embeddings, $$"""{"model":"small","input":"{{Marker}} lose"}""", HttpStatusCode.BadGateway),
            (Embeddings, $$"""{"model":"{{Marker}}","input":"a"}""", HttpStatusCode.NotFound),
        })
        {
            using var answer = await client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), Token);
            Assert.Equal(status, answer.StatusCode);
            if (answer.IsSuccessStatusCode)
                Assert.Contains(Marker, await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
    }

    private async Task RunJobsAsync(WebApplication gateway, HttpClient client, string webhook)
    {
        var api = new JobApi(client);
        await api.SendAsync(HttpMethod.Post, "/v1/async/embeddings", $$"""{"model":"small","input":"{{Marker}}"}""", HttpStatusCode.Accepted);
        await api.UploadAsync(Marker, purpose: "batch", name: $"{Marker}.jsonl");
        await api.CreateAsync($"{JobApi.Line(Marker)}\n{Marker}\n");
        var batch = await api.CreateAsync(
            $"{JobApi.Line($"{Marker}-1")}\n{JobApi.Line($"{Marker}-2")}\n",
            $$""","metadata":{"{{Marker}}":"{{Marker}}"},"webhook_url":"{{webhook}}" """);

        var functions = ActivatorUtilities.CreateInstance<BatchFunctions>(gateway.Services);
        await PumpAsync(functions);
        await using var storage = new StorageWorker(fixture);
        while (await storage.ReceiveAsync(batch) is { } received)
        {
            await storage.WriteAsync(received.Shard, received.Shard.Lines, id => !id.EndsWith('2'));
            await storage.ReportAsync(received.Shard, Contracts.Jobs.BatchEventKind.Done);
            await storage.CompleteAsync(received.Message);
        }

        await PumpAsync(functions);
        await fixture.PumpAsync(QueueNames.BatchWebhooks, text => functions.DeliverAsync(text, Token));
        Assert.Equal([$"{Marker}-1"], await api.OutputIdsAsync(batch));
        Assert.Equal([$"{Marker}-2"], await api.ErrorIdsAsync(batch));
    }

    private async Task PumpAsync(BatchFunctions functions)
    {
        while (await fixture.PumpAsync(QueueNames.BatchValidations, text => functions.ValidateAsync(text, Token))
            + await fixture.PumpAsync(QueueNames.BatchEvents, text => functions.FanInAsync(text, Token)) > 0)
        {
        }
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(Token);
        if (body.Contains("lose", StringComparison.Ordinal))
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = body.Contains("refuse", StringComparison.Ordinal) ? 400 : 200;
        context.Response.Headers["X-Answer"] = Marker;
        context.Response.ContentType = body.Contains("\"stream\":true", StringComparison.Ordinal) ? "text/event-stream" : "application/json";
        await context.Response.WriteAsync($"data: {{\"text\":\"{Marker}\"}}\n\n", Token);
    }

    private static string TextOf(TelemetryReceiver receiver, string path) =>
        string.Concat(receiver.Received.Where(entry => entry.Path == path).Select(entry => Encoding.Latin1.GetString(entry.Body)));

    private static void AssertNoPayload(TelemetryReceiver receiver)
    {
        var texts = receiver.Received.Select(entry => (entry.Path, Text: Encoding.Latin1.GetString(entry.Body)));
        // Where it stands and what is before it: an attribute's name.
        Assert.Empty(
            from entry in texts
            let at = entry.Text.IndexOf(Marker, StringComparison.Ordinal)
            where at >= 0
            select $"{entry.Path} {entry.Text[Math.Max(0, at - 30)..at]}");
    }
}

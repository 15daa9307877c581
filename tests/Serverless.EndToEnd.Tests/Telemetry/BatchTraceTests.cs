using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using Serverless.EndToEnd.Tests.Jobs;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;
using Serverless.TestKit.Jobs;
using Serverless.TestKit.Telemetry;
using Serverless.Topology.Platform;

namespace Serverless.EndToEnd.Tests.Telemetry;

/// <summary>One trace of a batch's line, from the request that created the batch to its end, through every process.</summary>
public sealed class BatchTraceTests : IAsyncLifetime
{
    private const int Lines = 20;
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    // Stands in custom ids, in bodies, and in the answers, which give a request's id back.
    private const string Marker = "m4rk3r-0f-4-s3cr3t";

    private readonly TemporaryFolder _folder = new();
    private TelemetryReceiver? _receiver;
    private LocalPlatform? _platform;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _receiver = await TelemetryReceiver.StartAsync();
        var export = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _receiver.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            // The functions' own traces as well, to which the batch's is linked.
            ["OTEL_TRACES_SAMPLER"] = "parentbased_always_on",
            // Milliseconds; 5,000 unless set.
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
            // 60,000 unless set.
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        };
        _platform = await LocalPlatform.StartAsync(
            PlatformOptions.Isolated(_folder.Path) with { WorkerSettings = export, GatewaySettings = export });
        var store = ModelStores.InBlobStorage(new BlobServiceClient(_platform.StorageConnectionString));
        await TestModels.PushScaleAsync(new ModelPublisher(store), TestModels.Small, 2);
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
            await _platform.DisposeAsync();
        if (_receiver is not null)
            await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task BatchLine_FromHttpToResult_IsOneTrace()
    {
        using var client = new BatchClient(_platform!.ApiUrl, _platform.Options.ApiKey);
        var batch = await CreateAsync(await client.UploadAsync(Marked(), Token));
        await Wait.ForAsync<object>(
            async () => (string?)(await client.GetAsync(batch, Token))["status"] == "completed" ? batch : null, "The batch's end");

        await Wait.ForAsync<object>(() => Task.FromResult<object?>(Find().FirstOrDefault(IsFinalizing)), "The end of the trace");
        // Parents end, and are sent, after their children.
        await Task.Delay(1000, Token);
        var spans = Find();

        // Upwards from the last step of one line, parent by parent.
        var run = First(spans, "onnxruntime run", "serverless-worker");
        var request = Up(spans, Up(spans, run, "run batch"), "run model");
        var line = Up(spans, request, "batch line");
        Assert.Equal(batch, line["serverless.batch.id"]);
        var received = Up(spans, line, "ServiceBusProcessor.ProcessMessage");
        var sent = Up(spans, received, "Message");
        Assert.Equal(("serverless-worker", "serverless-gateway"), (received.Service, sent.Service));
        var released = Up(spans, sent, "process batch-events");
        var validated = Up(spans, released, "process batch-validations");
        var posted = Up(spans, validated, "POST", "functions-host");

        // Every line has its own span, and the answers' blob is written by the worker; its event leads back to the gateway, which ends the batch.
        Assert.Equal(Lines, spans.Where(span => span.Span.Name == "batch line").Select(span => span["serverless.batch.line"]).Distinct().Count());
        Assert.Equal(received.Id, Up(spans, First(spans, IsFinalizing), "ServiceBusProcessor.ProcessMessage").Id);
        Assert.NotEmpty(First(spans, "process batch-validations", "serverless-gateway").Span.Links);
        Assert.All(spans.Where(span => span.Span.Name == "run batch"), span => Assert.NotEmpty(span.Span.Links));
        Assert.NotNull(posted);
        AssertNoPayload();
    }

    private static byte[] Marked() => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Requests.ToSmall(Lines))
        .Replace("\"line-", $"\"{Marker}-", StringComparison.Ordinal)
        .Replace("\"body\":{", $"\"body\":{{\"id\":\"{Marker}\",", StringComparison.Ordinal));

    /// <summary>Both processes sent traces, metrics and logs, and nothing of the lines is in them.</summary>
    private void AssertNoPayload()
    {
        var received = _receiver!.Received.Select(entry => (entry.Path, Text: Encoding.Latin1.GetString(entry.Body))).ToList();
        foreach (var path in new[] { "/v1/traces", "/v1/metrics", "/v1/logs" })
        {
            Assert.Contains(received, entry => entry.Path == path && entry.Text.Contains("serverless-gateway", StringComparison.Ordinal));
            Assert.Contains(received, entry => entry.Path == path && entry.Text.Contains("serverless-worker", StringComparison.Ordinal));
        }

        Assert.DoesNotContain(received, entry => entry.Text.Contains(Marker, StringComparison.Ordinal));
    }

    private static bool IsFinalizing(ReceivedSpan span) => span.Span.Name == "finalize batch";

    private List<ReceivedSpan> Find() => [.. _receiver!.Spans.Where(span => span.Trace == Trace)];

    private static ReceivedSpan First(IEnumerable<ReceivedSpan> spans, string name, string service) =>
        First(spans, span => span.Span.Name == name && span.Service == service);

    private static ReceivedSpan First(IEnumerable<ReceivedSpan> spans, Func<ReceivedSpan, bool> choice) =>
        spans.Where(choice).OrderBy(span => span.Span.StartTimeUnixNano).First();

    /// <summary>The nearest span above of this name.</summary>
    private static ReceivedSpan Up(List<ReceivedSpan> spans, ReceivedSpan from, string name, string? service = null)
    {
        for (var span = from; ;)
        {
            var above = spans.FirstOrDefault(other => other.Id == span.Parent);
            Assert.True(above is not null, $"'{name}' is not above '{from.Span.Name}': the trace ends at '{span.Span.Name}' ({span.Service}).");
            span = above;
            if (span.Span.Name.StartsWith(name, StringComparison.Ordinal) && (service ?? span.Service) == span.Service)
                return span;
        }
    }

    private async Task<string> CreateAsync(string file)
    {
        using var client = new HttpClient { BaseAddress = _platform!.ApiUrl };
        var body = JsonSerializer.Serialize(new { input_file_id = file, endpoint = Requests.Endpoint, completion_window = "24h" });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batches")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _platform.Options.ApiKey);
        request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        using var response = await client.SendAsync(request, Token);
        response.EnsureSuccessStatusCode();
        return JsonElement.Parse(await response.Content.ReadAsStringAsync(Token)).GetProperty("id").GetString()!;
    }
}

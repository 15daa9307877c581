using System.Diagnostics;
using System.Text;
using Serverless.TestKit.Onnx;
using Serverless.TestKit.Telemetry;

namespace Serverless.Worker.Tests.Telemetry;

/// <summary>What leaves the worker over OTLP and to Azure Monitor, received on a local listener.</summary>
public sealed class ExportTests
{
    // Stands where strangers write: in a body, a header and an id.
    private const string Marker = "m4rk3r-0f-4-s3cr3t";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Otlp_AfterRequests_HasSpansMetricsAndLogsWithoutPayloads()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        await RunAsync(
            $"--OTEL_EXPORTER_OTLP_ENDPOINT={receiver.Url}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "--Telemetry:SampleRatio=1");

        var resource = receiver.Resources[0];
        Assert.Equal("serverless-worker", TelemetryReceiver.Attribute(resource, "service.name"));
        Assert.NotEmpty(TelemetryReceiver.Attribute(resource, "service.version")!);
        Assert.NotEmpty(TelemetryReceiver.Attribute(resource, "service.instance.id")!);
        Assert.Contains(receiver.Spans, span => span.Span.Name == "run model");
        Assert.Contains(receiver.Spans, span => span.Span.Name == "onnxruntime run");
        // In this process other tests' workers have spans as well.
        var requests = receiver.Spans.Where(span => span["url.path"] == "/v2/models/scale/infer")
            .Select(span => $"{span.Span.Name}: {span["http.request.method"]} {span["http.response.status_code"]}").ToList();
        Assert.Contains("POST: POST 200", requests);
        Assert.Contains("POST: POST 400", requests);
        // They begin a trace here, and are the exemplars of the framework's own metrics.
        Assert.All(receiver.Spans.Where(span => span["url.path"] == "/v2/models/scale/infer"), span => Assert.Empty(span.Parent));
        Assert.Superset(
            receiver.Histogram("http.server.request.duration").SelectMany(point => point.Traces).ToHashSet(),
            receiver.Spans.Select(span => span.Trace).ToHashSet());
        Assert.NotEmpty(receiver.Histogram("http.server.request.duration").SelectMany(point => point.Traces));
        Assert.Superset(
            new HashSet<string> { "http.server.request.duration", "serverless.inference.requests" }, receiver.Metrics.ToHashSet());
        Assert.Contains(receiver.Received, entry => entry.Path == "/v1/logs");
        AssertNoPayload(receiver);
    }

    [Fact]
    public async Task AzureMonitor_AfterRequests_GetsRequestsAndMetricsWithoutPayloads()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        await RunAsync(
            $"--APPLICATIONINSIGHTS_CONNECTION_STRING=InstrumentationKey={Guid.NewGuid()};IngestionEndpoint={receiver.Url}/",
            "--Telemetry:SampleRatio=1");

        var text = string.Concat(receiver.Received.Where(entry => entry.Path.EndsWith("/track", StringComparison.Ordinal))
            .Select(entry => Encoding.UTF8.GetString(entry.Body)));
        Assert.Contains("RequestData", text, StringComparison.Ordinal);
        Assert.Contains("run model", text, StringComparison.Ordinal);
        Assert.Contains("serverless.inference.requests", text, StringComparison.Ordinal);
        Assert.Contains("serverless-worker", text, StringComparison.Ordinal);
        AssertNoPayload(receiver);
    }

    [Theory]
    [InlineData("01", true)]
    [InlineData("00", false)]
    public async Task Worker_WithAParent_FollowsWhetherItIsSampled(string flags, bool isSampled)
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        await RunAsync(
            request => request.Headers.Add("traceparent", $"00-{trace}-b7ad6b7169203331-{flags}"),
            $"--OTEL_EXPORTER_OTLP_ENDPOINT={receiver.Url}",
            "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
            $"--Telemetry:SampleRatio={(isSampled ? 0 : 1)}");

        Assert.Equal(isSampled, receiver.Spans.Any(span => span.Trace == trace));
    }

    [Fact]
    public async Task Start_WithARatioBeyondOne_FailsNamingTheSetting()
    {
        var error = await Assert.ThrowsAsync<FormatException>(
            () => RunningWorker.StartAsync("--OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1", "--Telemetry:SampleRatio=2"));

        Assert.Contains("Telemetry__SampleRatio", error.Message, StringComparison.Ordinal);
    }

    private static Task RunAsync(params string[] settings) =>
        RunAsync(request => request.Headers.Add("X-Request-Id", Marker), settings);

    /// <summary>Answers a request, refuses one, and stops: what is left is sent then.</summary>
    private static async Task RunAsync(Action<HttpRequestMessage> change, params string[] settings)
    {
        await using var worker = await RunningWorker.StartAsync([.. settings, "--Logging:LogLevel:Default=Information"]);
        await worker.PushAsync("scale", OnnxGraphs.Scale(2));
        // The worker is in this process, whose client would write its own trace over the test's.
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = worker.Client.BaseAddress };
        foreach (var shape in new[] { "[1,2]", "[1,3]" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/scale/infer")
            {
                Content = new StringContent(
                    $$"""{"id":"{{Marker}}","inputs":[{"name":"x","shape":{{shape}},"datatype":"FP32","data":[1,2],"{{Marker}}":1}]}""",
                    Encoding.UTF8,
                    "application/json"),
            };
            request.Headers.Add("Authorization", $"Bearer {Marker}");
            change(request);
            using var response = await client.SendAsync(request, Token);
        }

        await worker.StopAsync();
    }

    private static void AssertNoPayload(TelemetryReceiver receiver) => Assert.DoesNotContain(
        receiver.Received, entry => Encoding.Latin1.GetString(entry.Body).Contains(Marker, StringComparison.Ordinal));
}

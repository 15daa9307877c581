using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Serverless.TestKit.Telemetry;

/// <summary>Takes whatever telemetry is posted to it, OTLP over HTTP (protobuf) and Azure Monitor's, and keeps it.</summary>
public sealed class TelemetryReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = [];
    private readonly WebApplication _app;

    private readonly bool _keeps;

    private TelemetryReceiver(WebApplication app, bool keeps) => (_app, _keeps) = (app, keeps);

    /// <summary>Where it listens.</summary>
    public string Url => _app.Urls.Single();

    /// <summary>Every body so far, unpacked.</summary>
    public IReadOnlyList<(string Path, byte[] Body)> Received => [.. _received];

    /// <summary>The spans so far.</summary>
    public IReadOnlyList<ReceivedSpan> Spans =>
    [
        .. Bodies("/v1/traces").SelectMany(body => ExportTraceRequest.Parser.ParseFrom(body).ResourceSpans)
            .SelectMany(resource => resource.ScopeSpans.SelectMany(scope => scope.Spans)
                .Select(span => new ReceivedSpan(Attribute(resource.Resource, "service.name") ?? "", span))),
    ];

    /// <summary>Names of the metrics so far.</summary>
    public IReadOnlySet<string> Metrics => AllMetrics.Select(metric => metric.Name).ToHashSet();

    /// <summary>The points of a histogram so far, by their attributes: the last that was told of each.</summary>
    public IReadOnlyList<ReceivedPoint> Histogram(string name) =>
    [
        .. AllMetrics.Where(metric => metric.Name == name).SelectMany(metric => metric.Histogram.DataPoints)
            .Select(point => new ReceivedPoint(point)).GroupBy(point => point.Labels).Select(points => points.Last()),
    ];

    /// <summary>What the processes say of themselves, from their traces.</summary>
    public IReadOnlyList<OtlpResource> Resources =>
        [.. Bodies("/v1/traces").SelectMany(body => ExportTraceRequest.Parser.ParseFrom(body).ResourceSpans).Select(spans => spans.Resource)];

    /// <summary>Starts it on a free port.</summary>
    /// <param name="keeps">Whether it keeps what it gets.</param>
    public static async Task<TelemetryReceiver> StartAsync(bool keeps = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var receiver = new TelemetryReceiver(app, keeps);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>An attribute of a resource; null when it has none of this name.</summary>
    public static string? Attribute(OtlpResource? resource, string name) =>
        resource?.Attributes.FirstOrDefault(attribute => attribute.Key == name)?.Value.StringValue;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IEnumerable<OtlpMetric> AllMetrics => Bodies("/v1/metrics")
        .SelectMany(body => ExportMetricsRequest.Parser.ParseFrom(body).ResourceMetrics)
        .SelectMany(resource => resource.ScopeMetrics).SelectMany(scope => scope.Metrics);

    private IEnumerable<byte[]> Bodies(string path) => _received.Where(entry => entry.Path == path).Select(entry => entry.Body);

    private async Task TakeAsync(HttpContext context)
    {
        var isPacked = context.Request.Headers.ContentEncoding == "gzip";
        await using var content = isPacked ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
        using var body = new MemoryStream();
        await content.CopyToAsync(body, context.RequestAborted);
        if (_keeps)
            _received.Enqueue((context.Request.Path, body.ToArray()));
        if (context.Request.Path.Value!.EndsWith("/track", StringComparison.Ordinal))
            await context.Response.WriteAsync("""{"itemsReceived":1,"itemsAccepted":1,"errors":[]}""");
    }
}

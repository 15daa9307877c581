using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using OpenTelemetry.Trace;

namespace Serverless.Telemetry;

/// <summary>
/// Begins the spans of requests that are sampled, and nothing for the others: the framework makes one of each, which is 3 % of the processor
/// time of a small model's request (profiled). Only for who hands no trace on that is not sampled.
/// </summary>
internal sealed class RequestSampling(double ratio)
{
    private static readonly ActivitySource Source = new("Serverless.Requests");

    private readonly TraceIdRatioBasedSampler _roots = new(ratio);

    /// <summary>The span of a request; null when it is not sampled.</summary>
    public Activity? Start(HttpRequest request)
    {
        if (!TryBegin(request.Headers, out var parent))
            return null;
        return Source.StartActivity(request.Method, ActivityKind.Server, parent)?
            .SetTag("http.request.method", request.Method)
            .SetTag("url.scheme", request.Scheme)
            .SetTag("url.path", request.Path.Value)
            .SetTag("server.address", request.Host.Host)
            .SetTag("server.port", request.Host.Port);
    }

    private bool TryBegin(IHeaderDictionary headers, out ActivityContext parent)
    {
        if (ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out parent))
            return parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded);
        // By the id of a trace that may begin here, as every process decides. It has no parent.
        var trace = ActivityTraceId.CreateRandom();
        parent = new ActivityContext(trace, default, ActivityTraceFlags.Recorded);
        return _roots.ShouldSample(new SamplingParameters(default, trace, "", ActivityKind.Server)).Decision == SamplingDecision.RecordAndSample;
    }
}

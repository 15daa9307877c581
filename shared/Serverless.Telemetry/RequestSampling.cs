using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using OpenTelemetry.Trace;

namespace Serverless.Telemetry;

/// <summary>
/// Begins the spans of requests that are sampled, and nothing for the others: the framework makes one of each, which is 3 % of the processor
/// time of a small model's request (profiled). Only for who hands no trace on that is not sampled. Of a ratio below 1 no more than
/// <see cref="MostPerSecond"/> traces begin here in a second: one in ten of 50,000 requests a second is more than any exporter keeps.
/// </summary>
internal sealed class RequestSampling(double ratio)
{
    /// <summary>How many traces may begin here in a second.</summary>
    public const int MostPerSecond = 100;

    private static readonly ActivitySource Source = new("Serverless.Requests");

    private readonly TraceIdRatioBasedSampler _roots = new(ratio);
    private long _second;
    private int _left;

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
        if (!HasRoom())
            return false;
        // By the id of a trace that may begin here, as every process decides. It has no parent.
        var trace = ActivityTraceId.CreateRandom();
        parent = new ActivityContext(trace, default, ActivityTraceFlags.Recorded);
        if (_roots.ShouldSample(new SamplingParameters(default, trace, "", ActivityKind.Server)).Decision != SamplingDecision.RecordAndSample)
            return false;
        Interlocked.Decrement(ref _left);
        return true;
    }

    // Two threads at the turn of a second may begin it twice: a few more is no harm, and a lock would be.
    private bool HasRoom()
    {
        if (ratio >= 1)
            return true;
        var second = Environment.TickCount64 / 1000;
        if (Volatile.Read(ref _second) != second)
        {
            Volatile.Write(ref _left, MostPerSecond);
            Volatile.Write(ref _second, second);
        }

        return Volatile.Read(ref _left) > 0;
    }
}

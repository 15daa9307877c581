using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Serverless.Worker.Configuration;

/// <summary>How much a connection may take before a request is read: who sends slowly or forever must not keep others out.</summary>
internal static class ConnectionLimits
{
    // An ingress or gateway sends a head at once; Kestrel's own 30 s are for people's connections.
    private static readonly TimeSpan HeadTime = TimeSpan.FromSeconds(10);

    // A thousand times what a replica runs at once.
    private const int MaxConnections = 10_000;

    // Names, traces, a token: 2 KiB in practice. Kestrel's own limits are 32 KiB and 100.
    private const int MaxHeadBytes = 16 << 10;
    private const int MaxHeaders = 64;

    /// <summary>Sets them.</summary>
    public static void LimitConnections(this KestrelServerOptions kestrel)
    {
        var limits = kestrel.Limits;
        limits.RequestHeadersTimeout = HeadTime;
        limits.MaxConcurrentConnections = MaxConnections;
        limits.MaxRequestHeadersTotalSize = MaxHeadBytes;
        limits.MaxRequestHeaderCount = MaxHeaders;
    }
}

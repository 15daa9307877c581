namespace Serverless.Contracts.Telemetry;

/// <summary>Names of meters and instruments, so that dashboards and alerts can be held against the code.</summary>
public static class MetricNames
{
    /// <summary>The gateway's meter.</summary>
    public const string GatewayMeter = "Serverless.Gateway";

    /// <summary>HTTP requests by <c>api</c>, <c>caller</c> and <c>status</c>.</summary>
    public const string GatewayRequests = "serverless.gateway.requests";

    /// <summary>Seconds from a request's arrival to the end of its answer, by <c>api</c>.</summary>
    public const string GatewayDuration = "serverless.gateway.request.duration";

    /// <summary>Queued requests by <c>outcome</c>.</summary>
    public const string GatewayQueued = "serverless.gateway.queued_requests";
}

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

    /// <summary>The worker's meter.</summary>
    public const string WorkerMeter = "Serverless.Worker";

    /// <summary>Seconds that the worker's start took, by <c>stage</c>: <c>process</c>, <c>host</c>, <c>model</c>, <c>answer</c>.</summary>
    public const string WorkerStartDuration = "serverless.worker.start.duration";

    /// <summary>Batch lines sealed in a segment, by <c>outcome</c> (<c>completed</c>, <c>failed</c>).</summary>
    public const string JobLines = "serverless.jobs.lines";

    /// <summary>Batch lines that run or wait for their model.</summary>
    public const string JobLinesRunning = "serverless.jobs.lines.running";

    /// <summary>Deliveries of shard messages, by <c>outcome</c>.</summary>
    public const string JobShards = "serverless.jobs.shards";

    /// <summary>Seconds that a worker kept a shard's message, by <c>outcome</c>.</summary>
    public const string JobShardDuration = "serverless.jobs.shard.duration";

    /// <summary>Segments by <c>outcome</c>: <c>written</c>, or <c>lost</c> to a worker that was faster.</summary>
    public const string JobSegments = "serverless.jobs.segments";

    /// <summary>Messages that had been delivered before, by <c>queue</c>.</summary>
    public const string JobRedeliveries = "serverless.jobs.redeliveries";

    /// <summary>Single requests from Service Bus, by <c>outcome</c>.</summary>
    public const string JobRequests = "serverless.jobs.requests";
}

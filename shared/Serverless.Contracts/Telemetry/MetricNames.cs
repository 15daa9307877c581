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

    /// <summary>Requests that were sent again after their replica was lost, by <c>reason</c> (<c>unreached</c>, <c>broken</c>, <c>ingress</c>).</summary>
    public const string GatewayReplays = "serverless.gateway.replays";

    /// <summary>Requests that wait for a replica.</summary>
    public const string GatewayHeld = "serverless.gateway.held";

    /// <summary>Seconds that requests waited for a replica, by <c>outcome</c> (<c>released</c>, <c>timeout</c>, <c>left</c>).</summary>
    public const string GatewayHoldDuration = "serverless.gateway.hold.duration";

    /// <summary>Requests refused because as many wait as may, by <c>bound</c> (<c>all</c>, <c>model</c>, <c>caller</c>).</summary>
    public const string GatewayHoldRefused = "serverless.gateway.hold.refused";

    /// <summary>Seconds that waking a replica took, by <c>outcome</c> (<c>answered</c>, <c>abandoned</c>).</summary>
    public const string GatewayWakeUpDuration = "serverless.gateway.wakeup.duration";

    /// <summary>Requests refused because a budget is spent, by <c>tenant</c> and <c>period</c> (<c>day</c>, <c>month</c>).</summary>
    public const string GatewayBudgetRefused = "serverless.gateway.budget.refused";

    /// <summary>The part of a budget that is spent, by <c>tenant</c> and <c>period</c>.</summary>
    public const string GatewayBudgetUsed = "serverless.gateway.budget.used";

    /// <summary>The meter of messages, in gateway and worker.</summary>
    public const string MessagingMeter = "Serverless.Messaging";

    /// <summary>Messages that were sent, by <c>messaging.system</c>, <c>messaging.destination.name</c> and <c>error.type</c>.</summary>
    public const string MessagingSent = "messaging.client.sent.messages";

    /// <summary>Messages that were delivered, by <c>messaging.system</c>, <c>messaging.destination.name</c> and <c>error.type</c>.</summary>
    public const string MessagingConsumed = "messaging.client.consumed.messages";

    /// <summary>Seconds that a message was worked on, by the same.</summary>
    public const string MessagingDuration = "messaging.process.duration";

    /// <summary>The worker's meter.</summary>
    public const string WorkerMeter = "Serverless.Worker";

    /// <summary>Seconds that the worker's start took, by <c>stage</c>: <c>process</c>, <c>host</c>, <c>model</c>, <c>answer</c>.</summary>
    public const string WorkerStartDuration = "serverless.worker.start.duration";

    /// <summary>What the replica cost, in the currency of prices, by <c>tenant</c>, <c>model</c> and <c>pool</c>.</summary>
    public const string CostCharged = "serverless.cost.charged";

    /// <summary>Seconds for which models ran, by <c>tenant</c>, <c>model</c> and <c>pool</c>.</summary>
    public const string CostDeviceTime = "serverless.cost.device_time";

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

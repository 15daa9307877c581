using System.Diagnostics;

namespace Serverless.Telemetry;

/// <summary>
/// Carries traces through storage queues, whose client writes no trace context: it travels in our own messages, as a W3C
/// <c>traceparent</c>. (The Service Bus client writes its own.)
/// </summary>
public static class QueueTracing
{
    private static readonly ActivitySource Source = new("Serverless.Queues");

    /// <summary>What to put in a message sent now; null outside every trace.</summary>
    public static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    /// <summary>A step of what a message asked for, inside of its span.</summary>
    public static Activity? StartStep(string name) => Source.StartActivity(name);

    /// <summary>
    /// Goes on with a message's trace. The host gave the function a trace of its own, to which this one is linked. Null when the message has
    /// no trace, or it is not sampled.
    /// </summary>
    public static Activity? StartProcess(string queue, string? traceParent)
    {
        if (!ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent))
            return null;
        var function = Activity.Current?.Context;
        var activity = Source.StartActivity(
            $"process {queue}", ActivityKind.Consumer, parent, links: function is { } host ? [new ActivityLink(host)] : null);
        return activity?
            .SetTag("messaging.system", MessagingMetrics.StorageQueue)
            .SetTag("messaging.operation.type", "process")
            .SetTag("messaging.destination.name", queue);
    }
}

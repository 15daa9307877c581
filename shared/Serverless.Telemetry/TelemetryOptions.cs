namespace Serverless.Telemetry;

/// <summary>What a process reports.</summary>
/// <param name="ServiceName">Its name in traces, metrics and logs.</param>
public sealed record TelemetryOptions(string ServiceName)
{
    /// <summary>Meters to report, by exact name or by a prefix that ends in <c>*</c>.</summary>
    public IReadOnlyList<string> Meters { get; init; } =
        ["Serverless.*", "System.Runtime", "System.Net.Http", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <summary>
    /// Whether strangers reach it; false unless set. Then the ratio decides by a trace's id alone: the sampled flag that a caller sends would
    /// have whatever it likes recorded.
    /// </summary>
    public bool IsPublic { get; init; }

    /// <summary>Sources of spans to report, by exact name or by a prefix that ends in <c>*</c>.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [
        // Not the Service Bus receiver: it would tell of every look into an empty queue.
        "Serverless.*", "System.Net.Http", "Azure.Storage.*",
        "Azure.Messaging.ServiceBus.Message", "Azure.Messaging.ServiceBus.ServiceBusSender", "Azure.Messaging.ServiceBus.ServiceBusProcessor",
    ];
}

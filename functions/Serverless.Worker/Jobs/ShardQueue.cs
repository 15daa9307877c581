using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Serverless.Contracts.Jobs;
using Serverless.Telemetry;

namespace Serverless.Worker.Jobs;

/// <summary>The Service Bus queue of this worker's shards, seen from the sending side.</summary>
internal sealed class ShardQueue(ServiceBusSender sender, MessagingMetrics metrics)
{
    /// <summary>Sends a continuation; twice is once, by duplicate detection.</summary>
    public Task SendAsync(ShardMessage message, CancellationToken cancellationToken) =>
        metrics.SendAsync(MessagingMetrics.ServiceBus, sender.EntityPath, sender.SendMessageAsync(ToServiceBus(message), cancellationToken));

    public static ServiceBusMessage ToServiceBus(ShardMessage message) =>
        new(JsonSerializer.SerializeToUtf8Bytes(message, JobJson.Default.ShardMessage))
        {
            MessageId = message.MessageId,
            ContentType = "application/json",
        };
}

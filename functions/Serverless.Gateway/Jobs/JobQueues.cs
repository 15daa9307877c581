using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;
using Serverless.Telemetry;

namespace Serverless.Gateway.Jobs;

/// <summary>Sends the messages of jobs.</summary>
internal sealed class JobQueues(JobStorage storage, ServiceBusClient serviceBus, MessagingMetrics metrics) : IAsyncDisposable
{
    private readonly ServiceBusSender _shards = serviceBus.CreateSender(ServiceBusQueues.Shards);

    public Task SendValidationAsync(string batch, CancellationToken cancellationToken) =>
        SendAsync(QueueNames.BatchValidations, batch, TimeSpan.Zero, cancellationToken);

    public Task SendEventAsync(BatchEvent report, TimeSpan delay, CancellationToken cancellationToken) =>
        SendAsync(
            QueueNames.BatchEvents,
            JsonSerializer.Serialize(report with { TraceParent = QueueTracing.Current }, JobJson.Default.BatchEvent),
            delay,
            cancellationToken);

    /// <summary>Asks the fan-in to look at a batch.</summary>
    public Task SendCheckAsync(string batch, TimeSpan delay, CancellationToken cancellationToken) =>
        SendEventAsync(new BatchEvent(batch, BatchEventKind.Check), delay, cancellationToken);

    public Task SendWebhookAsync(string message, TimeSpan delay, CancellationToken cancellationToken) =>
        SendAsync(QueueNames.BatchWebhooks, message, delay, cancellationToken);

    /// <summary>Puts a message into a queue again, for later.</summary>
    public Task PutBackAsync(string queue, string message, TimeSpan delay, CancellationToken cancellationToken) =>
        SendAsync(queue, message, delay, cancellationToken);

    public Task SendShardAsync(ShardMessage shard, CancellationToken cancellationToken)
    {
        var message = new ServiceBusMessage(JsonSerializer.SerializeToUtf8Bytes(shard, JobJson.Default.ShardMessage))
        {
            MessageId = shard.MessageId,
            ContentType = "application/json",
            Subject = "shard",
        };
        return metrics.SendAsync(MessagingMetrics.ServiceBus, _shards.EntityPath, _shards.SendMessageAsync(message, cancellationToken));
    }

    public ValueTask DisposeAsync() => _shards.DisposeAsync();

    private Task SendAsync(string queue, string text, TimeSpan delay, CancellationToken cancellationToken) => metrics.SendAsync(
        MessagingMetrics.StorageQueue,
        queue,
        storage.Queue(queue).SendMessageAsync(text, visibilityTimeout: delay, cancellationToken: cancellationToken));
}

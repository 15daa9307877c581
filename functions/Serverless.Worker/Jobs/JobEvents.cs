using System.Text.Json;
using Azure;
using Azure.Storage.Queues.Models;
using Serverless.Contracts.Jobs;
using Serverless.Telemetry;

namespace Serverless.Worker.Jobs;

/// <summary>Tells the gateway what happened to shards, and that requests were answered whose callers want to know.</summary>
internal sealed class JobEvents(JobStorage storage, MessagingMetrics metrics)
{
    public Task SendAsync(ShardMessage message, BatchEventKind kind, CancellationToken cancellationToken) =>
        SendAsync(new BatchEvent(message.Batch, kind, message.Shard, message.Epoch), cancellationToken);

    public async Task SendAsync(BatchEvent report, CancellationToken cancellationToken)
    {
        var text = JsonSerializer.Serialize(report with { TraceParent = QueueTracing.Current }, JobJson.Default.BatchEvent);
        try
        {
            await SendAsync(text, cancellationToken);
        }
        catch (RequestFailedException error) when (error.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await storage.Events.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await SendAsync(text, cancellationToken);
        }
    }

    private Task SendAsync(string text, CancellationToken cancellationToken) => metrics.SendAsync(
        MessagingMetrics.StorageQueue, storage.Events.Name, storage.Events.SendMessageAsync(text, cancellationToken));
}

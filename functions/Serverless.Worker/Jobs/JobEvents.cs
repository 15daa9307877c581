using System.Text.Json;
using Azure;
using Azure.Storage.Queues.Models;
using Serverless.Contracts.Jobs;

namespace Serverless.Worker.Jobs;

/// <summary>Tells the gateway that a shard should be looked at.</summary>
internal sealed class JobEvents(JobStorage storage)
{
    public async Task SendAsync(ShardMessage message, BatchEventKind kind, CancellationToken cancellationToken)
    {
        var text = JsonSerializer.Serialize(
            new BatchEvent(message.Batch, kind, message.Shard, message.Epoch), JobJson.Default.BatchEvent);
        try
        {
            await storage.Events.SendMessageAsync(text, cancellationToken);
        }
        catch (RequestFailedException error) when (error.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await storage.Events.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await storage.Events.SendMessageAsync(text, cancellationToken);
        }
    }
}

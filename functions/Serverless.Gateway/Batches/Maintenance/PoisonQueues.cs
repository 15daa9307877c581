using System.Text.Json;
using Azure;
using Azure.Storage.Queues.Models;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Async;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches.Maintenance;

/// <summary>
/// Empties the poison queues of jobs. Events are hints and maintenance looks at every batch anyway, but not at every operation: that one was
/// answered is told. A validation is counted in its batch; a webhook is put back, it counts its own attempts.
/// </summary>
internal sealed class PoisonQueues(JobStorage storage, JobQueues queues, OperationNotices notices)
{
    private const int MaxMessages = 320;

    public async Task<int> RunAsync(CancellationToken cancellationToken) =>
        await DrainAsync(QueueNames.BatchEvents, text => TellAsync(text, cancellationToken), cancellationToken)
        + await DrainAsync(QueueNames.BatchValidations, _ => Task.CompletedTask, cancellationToken)
        + await DrainAsync(QueueNames.BatchWebhooks, text => queues.SendWebhookAsync(text, TimeSpan.FromMinutes(1), cancellationToken), cancellationToken);

    private async Task TellAsync(string text, CancellationToken cancellationToken)
    {
        try
        {
            if (JsonSerializer.Deserialize(text, JobJson.Default.BatchEvent) is { Kind: BatchEventKind.Answered } report)
                await notices.HandleAsync(report, cancellationToken);
        }
        catch (JsonException)
        {
            // Not of ours.
        }
    }

    private async Task<int> DrainAsync(string queue, Func<string, Task> handle, CancellationToken cancellationToken)
    {
        var poison = storage.Queue(queue + QueueNames.PoisonSuffix);
        var drained = 0;
        try
        {
            while (drained < MaxMessages)
            {
                QueueMessage[] messages = await poison.ReceiveMessagesAsync(32, cancellationToken: cancellationToken);
                if (messages.Length == 0)
                    break;
                foreach (var message in messages)
                {
                    await handle(message.Body.ToString());
                    await poison.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellationToken);
                    drained++;
                }
            }
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            // The host makes a poison queue when it has a poison message.
        }

        return drained;
    }
}

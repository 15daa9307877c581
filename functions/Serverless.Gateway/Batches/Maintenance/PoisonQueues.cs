using Azure;
using Azure.Storage.Queues.Models;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches.Maintenance;

/// <summary>
/// Empties the poison queues of jobs. Events are hints and maintenance looks at every batch anyway; a validation is counted in its batch; a
/// webhook is put back, it counts its own attempts.
/// </summary>
internal sealed class PoisonQueues(JobStorage storage, JobQueues queues)
{
    private const int MaxMessages = 320;

    public async Task<int> RunAsync(CancellationToken cancellationToken) =>
        await DrainAsync(QueueNames.BatchEvents, _ => Task.CompletedTask, cancellationToken)
        + await DrainAsync(QueueNames.BatchValidations, _ => Task.CompletedTask, cancellationToken)
        + await DrainAsync(QueueNames.BatchWebhooks, text => queues.SendWebhookAsync(text, TimeSpan.FromMinutes(1), cancellationToken), cancellationToken);

    private async Task<int> DrainAsync(string queue, Func<string, Task> putBack, CancellationToken cancellationToken)
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
                    await putBack(message.Body.ToString());
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

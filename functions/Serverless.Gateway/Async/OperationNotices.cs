using System.Text.Json;
using Serverless.Contracts.Jobs;
using Serverless.Gateway.Jobs;
using Serverless.Gateway.Webhooks;

namespace Serverless.Gateway.Async;

/// <summary>Has callers told that their operations were answered.</summary>
internal sealed class OperationNotices(OperationStore operations, JobQueues queues)
{
    /// <summary>Queues the webhook that a <see cref="BatchEventKind.Answered"/> event is about; once more for an event that comes twice.</summary>
    public async Task HandleAsync(BatchEvent report, CancellationToken cancellationToken)
    {
        if (report.Owner is not { } owner
            || await operations.FindAsync(owner, report.Batch, cancellationToken) is not { WebhookUrl: not null } row
            || await operations.FindStatusAsync(row.Id, cancellationToken) is not { } status)
        {
            return;
        }

        var message = new WebhookMessage(row.Id, OperationStatus.Of(status), 1, owner);
        await queues.SendWebhookAsync(JsonSerializer.Serialize(message, WebhookJson.Default.WebhookMessage), TimeSpan.Zero, cancellationToken);
    }
}

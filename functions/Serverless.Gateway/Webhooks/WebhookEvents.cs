using Serverless.Gateway.Async;
using Serverless.Gateway.Batches;

namespace Serverless.Gateway.Webhooks;

/// <summary>Finds out what a webhook says; nothing of it travels in the message but how it ended.</summary>
internal sealed class WebhookEvents(BatchTable batches, OperationStore operations)
{
    /// <summary>The event; null when there is nobody to tell (any more).</summary>
    public Task<WebhookEvent?> FindAsync(WebhookMessage message, CancellationToken cancellationToken) =>
        message.Owner is { } owner ? OfOperationAsync(owner, message, cancellationToken) : OfBatchAsync(message, cancellationToken);

    private async Task<WebhookEvent?> OfBatchAsync(WebhookMessage message, CancellationToken cancellationToken) =>
        await batches.FindAsync(message.Id, cancellationToken) is { WebhookUrl: { } url } batch
            ? new WebhookEvent(
                $"evt_{batch.Id}_{message.Status}_{batch.FinalizerEpoch}",
                "batch." + message.Status,
                batch.Id,
                batch.EndedAt ?? batch.CreatedAt,
                url,
                batch.CallerName)
            : null;

    private async Task<WebhookEvent?> OfOperationAsync(string owner, WebhookMessage message, CancellationToken cancellationToken) =>
        await operations.FindAsync(owner, message.Id, cancellationToken) is { WebhookUrl: { } url } row
            ? new WebhookEvent(
                $"evt_{row.Id}_{message.Status}",
                "async.operation." + message.Status,
                row.Id,
                row.CreatedAt,
                url,
                row.CallerName)
            : null;
}

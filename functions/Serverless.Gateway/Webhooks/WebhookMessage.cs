namespace Serverless.Gateway.Webhooks;

/// <summary>A webhook to deliver, in the queue <see cref="Contracts.Queues.QueueNames.BatchWebhooks"/>.</summary>
/// <param name="Id">The batch that ended, or the operation that was answered.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Attempt">Which attempt this is, from 1.</param>
/// <param name="Owner">The operation's partition; null for a batch.</param>
internal sealed record WebhookMessage(string Id, string Status, int Attempt, string? Owner = null);

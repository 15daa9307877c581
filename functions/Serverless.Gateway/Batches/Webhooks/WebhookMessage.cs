namespace Serverless.Gateway.Batches.Webhooks;

/// <summary>A webhook to deliver, in the queue <see cref="Contracts.Queues.QueueNames.BatchWebhooks"/>.</summary>
/// <param name="Batch">The batch that ended.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Attempt">Which attempt this is, from 1.</param>
internal sealed record WebhookMessage(string Batch, string Status, int Attempt);

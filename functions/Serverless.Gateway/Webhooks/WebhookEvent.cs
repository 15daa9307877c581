namespace Serverless.Gateway.Webhooks;

/// <summary>What a webhook announces, and to whom.</summary>
/// <param name="Id">The event's id, the same at every attempt: who gets it twice can tell.</param>
/// <param name="Type">What happened, such as <c>batch.completed</c>.</param>
/// <param name="Subject">Id of what it happened to.</param>
/// <param name="At">When.</param>
/// <param name="Url">Where it goes.</param>
/// <param name="CallerName">Name of the key whose secret signs it.</param>
internal sealed record WebhookEvent(string Id, string Type, string Subject, DateTimeOffset At, string Url, string CallerName);

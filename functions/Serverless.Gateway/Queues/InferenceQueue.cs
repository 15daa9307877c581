using Azure.Messaging.ServiceBus;
using Serverless.Contracts.Http;
using Serverless.Contracts.Queues;
using Serverless.Telemetry;

namespace Serverless.Gateway.Queues;

/// <summary>The Service Bus queue of single requests.</summary>
internal sealed class InferenceQueue(ServiceBusClient client, MessagingMetrics metrics) : IAsyncDisposable
{
    private readonly ServiceBusSender _sender = client.CreateSender(ServiceBusQueues.Inference);

    /// <summary>Sends an <see cref="InferenceMessage"/>; one with an id that was just sent is dropped as its double.</summary>
    /// <param name="id">The request's id.</param>
    /// <param name="message">The message's JSON.</param>
    /// <param name="tenant">On whose behalf, if that is known.</param>
    /// <param name="owner">See <see cref="AsyncOperations.OwnerProperty"/>; null when nobody is to be told of the answer.</param>
    /// <param name="cancellationToken">Ends the sending.</param>
    public Task SendAsync(string id, ReadOnlyMemory<byte> message, string? tenant, string? owner, CancellationToken cancellationToken)
    {
        var envelope = new ServiceBusMessage(message) { MessageId = id, ContentType = "application/json", Subject = "request" };
        if (tenant is not null)
            envelope.ApplicationProperties[InferenceHeaders.Tenant] = tenant;
        if (owner is not null)
            envelope.ApplicationProperties[AsyncOperations.OwnerProperty] = owner;
        return metrics.SendAsync(MessagingMetrics.ServiceBus, _sender.EntityPath, _sender.SendMessageAsync(envelope, cancellationToken));
    }

    public ValueTask DisposeAsync() => _sender.DisposeAsync();
}

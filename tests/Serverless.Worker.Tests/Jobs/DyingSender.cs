using Azure.Messaging.ServiceBus;

namespace Serverless.Worker.Tests.Jobs;

/// <summary>Kills whoever sends, before or after the message has left.</summary>
internal sealed class DyingSender(ServiceBusSender? inner) : ServiceBusSender
{
    public override async Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
    {
        if (inner is not null)
            await inner.SendMessageAsync(message, cancellationToken);
        throw new DeathException();
    }
}

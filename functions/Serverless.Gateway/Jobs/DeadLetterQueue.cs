using Azure.Messaging.ServiceBus;

namespace Serverless.Gateway.Jobs;

/// <summary>The dead letters of a Service Bus queue. Each goes once it is handled: a death in between has it handled again.</summary>
internal sealed class DeadLetterQueue(ServiceBusClient serviceBus, string queue) : IAsyncDisposable
{
    // Service Bus' own reasons: nobody settled the message in time, so a host was lost or there was none.
    public const string DeliveriesExceeded = "MaxDeliveryCountExceeded";
    public const string TimeToLiveExpired = "TTLExpiredException";

    private const int MaxMessages = 1_000;
    private const int AtOnce = 32;

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(500);

    private readonly ServiceBusReceiver _receiver = serviceBus.CreateReceiver(
        queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });

    /// <summary>Handles what lies there now, up to a thousand; returns how many.</summary>
    public async Task<int> DrainAsync(Func<ServiceBusReceivedMessage, Task> handle, CancellationToken cancellationToken)
    {
        var handled = 0;
        while (handled < MaxMessages)
        {
            var messages = await _receiver.ReceiveMessagesAsync(AtOnce, Wait, cancellationToken);
            if (messages.Count == 0)
                break;
            foreach (var message in messages)
            {
                await handle(message);
                await _receiver.CompleteMessageAsync(message, cancellationToken);
                handled++;
            }
        }

        return handled;
    }

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();
}

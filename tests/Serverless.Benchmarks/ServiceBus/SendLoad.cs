using System.Diagnostics;
using Azure.Messaging.ServiceBus;

namespace Serverless.Benchmarks.ServiceBus;

/// <summary>32 single sends of 1 KiB in flight.</summary>
internal static class SendLoad
{
    private const int InFlight = 32;
    private const int Messages = 8_000;

    private static readonly BinaryData Body = new(new byte[1024]);

    /// <summary>Messages per second; the queue is emptied after.</summary>
    public static async Task<double> RunAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var client = new ServiceBusClient(connectionString);
        await using var sender = client.CreateSender("send");
        await sender.SendMessageAsync(new ServiceBusMessage(Body), cancellationToken);
        var left = Messages;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
                await sender.SendMessageAsync(new ServiceBusMessage(Body), cancellationToken);
        }));
        var rate = Messages / watch.Elapsed.TotalSeconds;
        await EmptyAsync(client, cancellationToken);
        return rate;
    }

    private static async Task EmptyAsync(ServiceBusClient client, CancellationToken cancellationToken)
    {
        await using var receiver = client.CreateReceiver(
            "send", new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete, PrefetchCount = 1000 });
        for (var received = 0; received <= Messages;)
            received += (await receiver.ReceiveMessagesAsync(1000, cancellationToken: cancellationToken)).Count;
    }
}

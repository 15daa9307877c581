using Azure.Messaging.ServiceBus;

namespace Serverless.ServiceBusEmulator.Tests.Transactions;

public sealed class TransactionsSideBySideTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    private const int Flows = 8;
    private const int Rounds = 20;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Discharge_ManyOnOneConnection_EachEndsAsItWasTold()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var sender = emulator.Client.CreateSender(queue);
        await using var receiver = emulator.Client.CreateReceiver(queue);

        await Task.WhenAll(Enumerable.Range(0, Flows).Select(flow => Task.Run(() => SendAsync(sender, flow), Cancelled)));

        var bodies = new List<string>();
        while (bodies.Count < Flows * Rounds / 2 && await receiver.ReceiveMessagesAsync(100, TimeSpan.FromSeconds(5), Cancelled) is { Count: > 0 } messages)
            bodies.AddRange(messages.Select(message => message.Body.ToString()));
        Assert.Equal(Expected().Order(StringComparer.Ordinal), bodies.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Expected() =>
        from flow in Enumerable.Range(0, Flows)
        from round in Enumerable.Range(0, Rounds)
        where round % 2 == 0
        select $"{flow}:{round}";

    // Every other one is rolled back, which nobody waits for: the next one is declared beside it.
    private static async Task SendAsync(ServiceBusSender sender, int flow)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var message = new ServiceBusMessage($"{flow}:{round}");
            await (round % 2 == 0 ? ClientTransaction.CommitAsync(OneAsync) : ClientTransaction.RollBackAsync(OneAsync));

            Task OneAsync() => sender.SendMessageAsync(message, Cancelled);
        }
    }
}

using Azure.Messaging.ServiceBus;
using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Tests.Queues;

public sealed class ForwardingTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ForwardTo_Queue_MovesTheMessage()
    {
        var target = await emulator.CreateQueueAsync();
        var source = await emulator.CreateQueueAsync(new QueueOptions { ForwardTo = target });

        await SendAsync(source, new ServiceBusMessage("x") { ApplicationProperties = { ["kept"] = true } });

        var message = await ReceiveAsync(target);
        Assert.Equal("x", message.Body.ToString());
        Assert.Equal(true, message.ApplicationProperties["kept"]);
        Assert.Equal(1, message.EnqueuedSequenceNumber);
    }

    [Fact]
    public async Task ForwardTo_FromSubscription_MovesMatchingMessages()
    {
        var target = await emulator.CreateQueueAsync();
        var topic = await emulator.CreateTopicAsync();
        await emulator.CreateSubscriptionAsync(topic, "one", new QueueOptions { ForwardTo = target });

        await SendAsync(topic, new ServiceBusMessage("x"));

        Assert.Equal("x", (await ReceiveAsync(target)).Body.ToString());
    }

    [Fact]
    public async Task ForwardDeadLettered_Message_ArrivesWithItsSource()
    {
        var target = await emulator.CreateQueueAsync();
        var source = await emulator.CreateQueueAsync(new QueueOptions { ForwardDeadLetteredMessagesTo = target });
        await SendAsync(source, new ServiceBusMessage("x"));
        await using var receiver = emulator.Client.CreateReceiver(source);
        await receiver.DeadLetterMessageAsync(
            await receiver.ReceiveMessageAsync(cancellationToken: Cancelled), "why", cancellationToken: Cancelled);

        var message = await ReceiveAsync(target);

        Assert.Equal("why", message.DeadLetterReason);
        Assert.Equal(source, message.DeadLetterSource);
    }

    [Fact]
    public async Task ForwardTo_MissingTarget_DeadLettersAtTheSource()
    {
        var source = await emulator.CreateQueueAsync(new QueueOptions { ForwardTo = "nowhere" });

        await SendAsync(source, new ServiceBusMessage("x"));

        var dead = await ReceiveAsync(source, SubQueue.DeadLetter);
        Assert.Contains("'nowhere'", dead.DeadLetterErrorDescription, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForwardTo_Cycle_EndsInDeadLetters()
    {
        var second = emulator.NewName("cycle");
        var first = await emulator.CreateQueueAsync(new QueueOptions { ForwardTo = second });
        await emulator.Emulator.Broker.CreateAsync(
            new Serverless.ServiceBusEmulator.Entities.EntityDescription
            {
                Kind = Serverless.ServiceBusEmulator.Entities.EntityKind.Queue,
                Path = second,
                Options = new QueueOptions { ForwardTo = first },
            },
            Cancelled);

        await SendAsync(first, new ServiceBusMessage("x"));

        var dead = await ReceiveAsync(first, SubQueue.DeadLetter);
        Assert.Equal("MaxTransferHopCountExceeded", dead.DeadLetterReason);
    }

    private async Task SendAsync(string path, ServiceBusMessage message)
    {
        await using var sender = emulator.Client.CreateSender(path);
        await sender.SendMessageAsync(message, Cancelled);
    }

    private async Task<ServiceBusReceivedMessage> ReceiveAsync(string queue, SubQueue part = SubQueue.None)
    {
        await using var receiver = emulator.Client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = part });
        return await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);
    }
}

using Azure.Messaging.ServiceBus;
using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Tests.Queues;

/// <summary>What time does, through the real client and the real clock: as short as the client allows.</summary>
public sealed class TimeTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LockExpiry_HeldMessage_ComesBackAndTheOldLockIsLost()
    {
        var queue = await emulator.CreateQueueAsync(new QueueOptions { LockDuration = TimeSpan.FromSeconds(1) });
        await using var sender = emulator.Client.CreateSender(queue);
        await using var receiver = emulator.Client.CreateReceiver(queue);
        await sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled);

        var first = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);
        var second = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);

        Assert.Equal(first.SequenceNumber, second.SequenceNumber);
        Assert.Equal(2, second.DeliveryCount);
        var lost = await Assert.ThrowsAsync<ServiceBusException>(() => receiver.CompleteMessageAsync(first, Cancelled));
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, lost.Reason);
        await receiver.CompleteMessageAsync(second, Cancelled);
    }

    [Fact]
    public async Task RenewLock_HeldMessage_StaysHeld()
    {
        var queue = await emulator.CreateQueueAsync(new QueueOptions { LockDuration = TimeSpan.FromSeconds(2) });
        await using var sender = emulator.Client.CreateSender(queue);
        await using var receiver = emulator.Client.CreateReceiver(queue);
        await sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled);
        var message = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);
        var before = message.LockedUntil;

        Assert.Null(await receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(1.2), Cancelled));
        await receiver.RenewMessageLockAsync(message, Cancelled);
        Assert.True(message.LockedUntil > before);
        Assert.Null(await receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(1.2), Cancelled));

        await receiver.CompleteMessageAsync(message, Cancelled);
    }

    [Fact]
    public async Task RenewLock_SettledMessage_IsLost()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var sender = emulator.Client.CreateSender(queue);
        await using var receiver = emulator.Client.CreateReceiver(queue);
        await sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled);
        var message = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);
        await receiver.CompleteMessageAsync(message, Cancelled);

        var lost = await Assert.ThrowsAsync<ServiceBusException>(() => receiver.RenewMessageLockAsync(message, Cancelled));

        Assert.Equal(ServiceBusFailureReason.MessageLockLost, lost.Reason);
    }

    [Fact]
    public async Task TimeToLive_WithDeadLettering_MovesTheMessage()
    {
        var queue = await emulator.CreateQueueAsync(new QueueOptions { DeadLetteringOnMessageExpiration = true });
        await using var sender = emulator.Client.CreateSender(queue);
        await sender.SendMessageAsync(new ServiceBusMessage("old") { TimeToLive = TimeSpan.FromMilliseconds(300) }, Cancelled);

        await using var receiver = emulator.Client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        var dead = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);

        Assert.Equal("TTLExpiredException", dead.DeadLetterReason);
        Assert.Equal("old", dead.Body.ToString());
    }

    [Fact]
    public async Task TimeToLive_OfTheQueue_IsTheSmallerOfBoth()
    {
        var queue = await emulator.CreateQueueAsync(new QueueOptions { DefaultMessageTimeToLive = TimeSpan.FromSeconds(1) });
        await using var sender = emulator.Client.CreateSender(queue);
        await using var receiver = emulator.Client.CreateReceiver(queue);
        await sender.SendMessageAsync(new ServiceBusMessage("old") { TimeToLive = TimeSpan.FromHours(1) }, Cancelled);
        var peeked = await receiver.PeekMessageAsync(cancellationToken: Cancelled);
        Assert.Equal(TimeSpan.FromSeconds(1), peeked.TimeToLive);

        await WaitUntil.TrueAsync(async () => await receiver.PeekMessageAsync(0, Cancelled) is null);
    }

    [Fact]
    public async Task Schedule_Message_AppearsWhenDue()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var sender = emulator.Client.CreateSender(queue);
        await using var receiver = emulator.Client.CreateReceiver(queue);
        var due = TimeProvider.System.GetUtcNow().AddSeconds(1);

        var number = await sender.ScheduleMessageAsync(new ServiceBusMessage("then"), due, Cancelled);

        var waiting = await receiver.PeekMessageAsync(cancellationToken: Cancelled);
        Assert.Equal(ServiceBusMessageState.Scheduled, waiting.State);
        var message = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);
        Assert.True(message.EnqueuedTime >= due.AddMilliseconds(-1));
        Assert.Equal(number, message.EnqueuedSequenceNumber);
        Assert.True(message.SequenceNumber > number);
    }

    [Fact]
    public async Task CancelSchedule_WaitingMessage_NeverAppears()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var sender = emulator.Client.CreateSender(queue);
        await using var receiver = emulator.Client.CreateReceiver(queue);
        var number = await sender.ScheduleMessageAsync(
            new ServiceBusMessage("never"), TimeProvider.System.GetUtcNow().AddMinutes(1), Cancelled);

        await sender.CancelScheduledMessageAsync(number, Cancelled);

        Assert.Null(await receiver.PeekMessageAsync(cancellationToken: Cancelled));
        var gone = await Assert.ThrowsAsync<ServiceBusException>(() => sender.CancelScheduledMessageAsync(number, Cancelled));
        Assert.Equal(ServiceBusFailureReason.MessageNotFound, gone.Reason);
    }

    [Fact]
    public async Task DuplicateDetection_SameIdTwice_KeepsOne()
    {
        var queue = await emulator.CreateQueueAsync(new QueueOptions { RequiresDuplicateDetection = true });
        await using var sender = emulator.Client.CreateSender(queue);
        await using var receiver = emulator.Client.CreateReceiver(queue);

        await sender.SendMessageAsync(new ServiceBusMessage("a") { MessageId = "1" }, Cancelled);
        await sender.SendMessageAsync(new ServiceBusMessage("b") { MessageId = "1" }, Cancelled);
        await sender.SendMessageAsync(new ServiceBusMessage("c") { MessageId = "2" }, Cancelled);

        var messages = await receiver.PeekMessagesAsync(10, cancellationToken: Cancelled);
        Assert.Equal(["a", "c"], messages.Select(message => message.Body.ToString()));
    }
}

using Azure.Messaging.ServiceBus;
using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Tests.Queues;

/// <summary>What time does, seen by the real client.</summary>
public sealed class TimeTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LockExpiry_HeldMessage_ComesBackAndTheOldLockIsLost()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var receiver = await SendAsync(queue, new ServiceBusMessage("x"));
        var first = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);

        emulator.Time.Advance(TimeSpan.FromMinutes(1));
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
        var queue = await emulator.CreateQueueAsync();
        await using var receiver = await SendAsync(queue, new ServiceBusMessage("x"));
        var message = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);
        var before = message.LockedUntil;

        emulator.Time.Advance(TimeSpan.FromSeconds(50));
        await receiver.RenewMessageLockAsync(message, Cancelled);
        emulator.Time.Advance(TimeSpan.FromSeconds(50));

        Assert.Equal(50, (message.LockedUntil - before).TotalSeconds, tolerance: 0.002);
        Assert.Null(await receiver.ReceiveMessageAsync(Short, Cancelled));
        await receiver.CompleteMessageAsync(message, Cancelled);
    }

    [Fact]
    public async Task RenewLock_SettledMessage_IsLost()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var receiver = await SendAsync(queue, new ServiceBusMessage("x"));
        var message = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);
        await receiver.CompleteMessageAsync(message, Cancelled);

        var lost = await Assert.ThrowsAsync<ServiceBusException>(() => receiver.RenewMessageLockAsync(message, Cancelled));

        Assert.Equal(ServiceBusFailureReason.MessageLockLost, lost.Reason);
    }

    [Fact]
    public async Task TimeToLive_WithDeadLettering_MovesTheMessage()
    {
        var queue = await emulator.CreateQueueAsync(new QueueOptions { DeadLetteringOnMessageExpiration = true });
        await using var unused = await SendAsync(queue, new ServiceBusMessage("old") { TimeToLive = TimeSpan.FromSeconds(30) });
        await using var receiver = emulator.Client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        Assert.Null(await receiver.PeekMessageAsync(cancellationToken: Cancelled));

        emulator.Time.Advance(TimeSpan.FromSeconds(31));
        var dead = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);

        Assert.Equal("TTLExpiredException", dead.DeadLetterReason);
        Assert.Equal("old", dead.Body.ToString());
    }

    [Fact]
    public async Task TimeToLive_OfTheQueue_IsTheSmallerOfBoth()
    {
        var queue = await emulator.CreateQueueAsync(new QueueOptions { DefaultMessageTimeToLive = TimeSpan.FromSeconds(10) });
        await using var receiver = await SendAsync(queue, new ServiceBusMessage("old") { TimeToLive = TimeSpan.FromHours(1) });
        var peeked = await receiver.PeekMessageAsync(cancellationToken: Cancelled);
        Assert.Equal(TimeSpan.FromSeconds(10), peeked.TimeToLive);

        emulator.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Null(await receiver.PeekMessageAsync(0, Cancelled));
    }

    [Fact]
    public async Task Schedule_Message_AppearsWhenDue()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var sender = emulator.Client.CreateSender(queue);
        await using var receiver = emulator.Client.CreateReceiver(queue);
        var due = emulator.Time.GetUtcNow().AddHours(1);

        var number = await sender.ScheduleMessageAsync(new ServiceBusMessage("then"), due, Cancelled);

        var waiting = await receiver.PeekMessageAsync(cancellationToken: Cancelled);
        Assert.Equal(ServiceBusMessageState.Scheduled, waiting.State);
        emulator.Time.Advance(TimeSpan.FromMinutes(61));
        var message = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);
        Assert.Equal(number, message.EnqueuedSequenceNumber);
        Assert.True(message.SequenceNumber > number);
        Assert.InRange(message.EnqueuedTime, due, due.AddMinutes(2));
    }

    [Fact]
    public async Task CancelSchedule_WaitingMessage_NeverAppears()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var sender = emulator.Client.CreateSender(queue);
        await using var receiver = emulator.Client.CreateReceiver(queue);
        var due = emulator.Time.GetUtcNow().AddHours(1);
        var number = await sender.ScheduleMessageAsync(new ServiceBusMessage("never"), due, Cancelled);

        await sender.CancelScheduledMessageAsync(number, Cancelled);

        Assert.Null(await receiver.PeekMessageAsync(cancellationToken: Cancelled));
        var gone = await Assert.ThrowsAsync<ServiceBusException>(() => sender.CancelScheduledMessageAsync(number, Cancelled));
        Assert.Equal(ServiceBusFailureReason.MessageNotFound, gone.Reason);
    }

    [Fact]
    public async Task DuplicateDetection_SameIdTwice_KeepsOne()
    {
        var queue = await emulator.CreateQueueAsync(new QueueOptions { RequiresDuplicateDetection = true });

        await using var receiver = await SendAsync(
            queue,
            new ServiceBusMessage("a") { MessageId = "1" },
            new ServiceBusMessage("b") { MessageId = "1" },
            new ServiceBusMessage("c") { MessageId = "2" });

        var messages = await receiver.PeekMessagesAsync(10, cancellationToken: Cancelled);
        Assert.Equal(["a", "c"], messages.Select(message => message.Body.ToString()));
    }

    private async Task<ServiceBusReceiver> SendAsync(string queue, params ServiceBusMessage[] messages)
    {
        await using var sender = emulator.Client.CreateSender(queue);
        foreach (var message in messages)
            await sender.SendMessageAsync(message, Cancelled);
        return emulator.Client.CreateReceiver(queue);
    }
}

using Azure.Messaging.ServiceBus;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Tests.Queues;

/// <summary>Mistakes give the exceptions and reasons that Azure gives.</summary>
public sealed class ErrorTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_MissingQueue_IsNotFound()
    {
        await using var sender = emulator.Client.CreateSender("missing");

        var error = await Assert.ThrowsAsync<ServiceBusException>(
            () => sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled));

        Assert.Equal(ServiceBusFailureReason.MessagingEntityNotFound, error.Reason);
        Assert.Contains("'missing'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_MissingQueue_IsNotFound()
    {
        await using var receiver = emulator.Client.CreateReceiver("missing");

        var error = await Assert.ThrowsAsync<ServiceBusException>(() => receiver.ReceiveMessageAsync(cancellationToken: Cancelled));

        Assert.Equal(ServiceBusFailureReason.MessagingEntityNotFound, error.Reason);
    }

    [Fact]
    public async Task Send_OversizedMessage_IsRefusedAsTooLarge()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var sender = emulator.Client.CreateSender(queue);

        var error = await Assert.ThrowsAsync<ServiceBusException>(
            () => sender.SendMessageAsync(new ServiceBusMessage(new byte[256 * 1024]), Cancelled));

        Assert.Equal(ServiceBusFailureReason.MessageSizeExceeded, error.Reason);
    }

    [Fact]
    public async Task Send_LargestMessage_IsTaken()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var sender = emulator.Client.CreateSender(queue);
        using var batch = await sender.CreateMessageBatchAsync(Cancelled);
        Assert.Equal(256 * 1024, batch.MaxSizeInBytes);
        var size = 256 * 1024;
        while (!batch.TryAddMessage(new ServiceBusMessage(new byte[size])))
            size--;

        await sender.SendMessagesAsync(batch, Cancelled);
    }

    [Fact]
    public async Task Send_FullQueue_IsRefusedByQuota()
    {
        var queue = await emulator.CreateQueueAsync(new QueueOptions { MaxSizeInMegabytes = 1 });
        await using var sender = emulator.Client.CreateSender(queue);
        for (var count = 0; count < 5; count++)
            await sender.SendMessageAsync(new ServiceBusMessage(new byte[200_000]), Cancelled);

        var error = await Assert.ThrowsAsync<ServiceBusException>(
            () => sender.SendMessageAsync(new ServiceBusMessage(new byte[200_000]), Cancelled));

        Assert.Equal(ServiceBusFailureReason.QuotaExceeded, error.Reason);
    }

    [Fact]
    public async Task Send_DisabledQueue_IsRefused()
    {
        var queue = await emulator.CreateQueueAsync(new QueueOptions { Status = EntityStatus.SendDisabled });
        await using var sender = emulator.Client.CreateSender(queue);

        var error = await Assert.ThrowsAsync<ServiceBusException>(
            () => sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled));

        Assert.Equal(ServiceBusFailureReason.MessagingEntityDisabled, error.Reason);
    }

    [Fact]
    public async Task Send_WithoutSessionToSessionQueue_IsInvalid()
    {
        var queue = await emulator.CreateQueueAsync(new QueueOptions { RequiresSession = true });
        await using var sender = emulator.Client.CreateSender(queue);

        await Assert.ThrowsAsync<InvalidOperationException>(() => sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled));
    }

    [Fact]
    public async Task Receive_WithoutSessionFromSessionQueue_IsInvalid()
    {
        var queue = await emulator.CreateQueueAsync(new QueueOptions { RequiresSession = true });
        await using var receiver = emulator.Client.CreateReceiver(queue);

        await Assert.ThrowsAsync<InvalidOperationException>(() => receiver.ReceiveMessageAsync(cancellationToken: Cancelled));
    }

    [Fact]
    public async Task Complete_Twice_IsLost()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var sender = emulator.Client.CreateSender(queue);
        await using var receiver = emulator.Client.CreateReceiver(queue);
        await sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled);
        var message = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);
        await receiver.CompleteMessageAsync(message, Cancelled);

        var error = await Assert.ThrowsAsync<ServiceBusException>(() => receiver.CompleteMessageAsync(message, Cancelled));

        Assert.Equal(ServiceBusFailureReason.MessageLockLost, error.Reason);
    }

    [Fact]
    public async Task Complete_OnReopenedLink_StillHolds()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var sender = emulator.Client.CreateSender(queue);
        await sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled);
        ServiceBusReceivedMessage message;
        await using (var first = emulator.Client.CreateReceiver(queue))
            message = await first.ReceiveMessageAsync(cancellationToken: Cancelled);

        await using var second = emulator.Client.CreateReceiver(queue);
        await second.CompleteMessageAsync(message, Cancelled);

        Assert.Null(await second.PeekMessageAsync(cancellationToken: Cancelled));
    }
}

using System.Transactions;
using Azure.Messaging.ServiceBus;
using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Tests.Transactions;

public sealed class TransactionTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commit_SendsToOneQueue_AppearTogether()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var sender = emulator.Client.CreateSender(queue);
        await using var receiver = emulator.Client.CreateReceiver(queue);

        await ClientTransaction.CommitAsync(async () =>
        {
            await sender.SendMessageAsync(new ServiceBusMessage("a"), Cancelled);
            await sender.SendMessageAsync(new ServiceBusMessage("b"), Cancelled);
            Assert.Null(await PeekOutsideAsync(receiver));
        });

        await WaitUntil.TrueAsync(async () => await receiver.PeekMessageAsync(0, Cancelled) is not null);
        var messages = await receiver.PeekMessagesAsync(10, 0, Cancelled);
        Assert.Equal(["a", "b"], messages.Select(message => message.Body.ToString()));
    }

    [Fact]
    public async Task Rollback_SendAndComplete_LeavesEverythingAsItWas()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var sender = emulator.Client.CreateSender(queue);
        await using var receiver = emulator.Client.CreateReceiver(queue);
        await sender.SendMessageAsync(new ServiceBusMessage("first"), Cancelled);
        var message = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);

        await ClientTransaction.RollBackAsync(async () =>
        {
            await receiver.CompleteMessageAsync(message, Cancelled);
            await sender.SendMessageAsync(new ServiceBusMessage("second"), Cancelled);
        });

        emulator.Time.Advance(TimeSpan.FromMinutes(1));
        var again = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);
        Assert.Equal("first", again.Body.ToString());
        Assert.Single(await receiver.PeekMessagesAsync(10, 0, Cancelled));
    }

    [Fact]
    public async Task Commit_AcrossQueues_MovesTheMessage()
    {
        var source = await emulator.CreateQueueAsync();
        var target = await emulator.CreateQueueAsync();
        await using var client = new ServiceBusClient(
            emulator.Emulator.ConnectionString, new ServiceBusClientOptions { EnableCrossEntityTransactions = true });
        await using var receiver = client.CreateReceiver(source);
        await using var sender = client.CreateSender(target);
        await emulator.Client.CreateSender(source).SendMessageAsync(new ServiceBusMessage("x"), Cancelled);
        var message = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);

        await ClientTransaction.CommitAsync(async () =>
        {
            await receiver.CompleteMessageAsync(message, Cancelled);
            await sender.SendMessageAsync(new ServiceBusMessage("y"), Cancelled);
        });

        await using var moved = emulator.Client.CreateReceiver(target);
        Assert.Equal("y", (await moved.ReceiveMessageAsync(cancellationToken: Cancelled)).Body.ToString());
        Assert.Null(await receiver.PeekMessageAsync(0, Cancelled));
    }

    [Fact]
    public async Task Commit_WithLostLock_DoesNothing()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var sender = emulator.Client.CreateSender(queue);
        await using var receiver = emulator.Client.CreateReceiver(queue);
        await sender.SendMessageAsync(new ServiceBusMessage("first"), Cancelled);
        var message = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);

        await Assert.ThrowsAnyAsync<TransactionException>(() => ClientTransaction.CommitAsync(async () =>
        {
            await receiver.CompleteMessageAsync(message, Cancelled);
            await sender.SendMessageAsync(new ServiceBusMessage("second"), Cancelled);
            emulator.Time.Advance(TimeSpan.FromMinutes(1));
        }));

        Assert.Single(await receiver.PeekMessagesAsync(10, 0, Cancelled));
    }

    [Fact]
    public async Task Send_RefusedInTransaction_IsToldAtOnce()
    {
        var queue = await emulator.CreateQueueAsync(new QueueOptions { RequiresSession = true });
        await using var sender = emulator.Client.CreateSender(queue);
        using var scope = ClientTransaction.Begin();

        await Assert.ThrowsAsync<InvalidOperationException>(() => sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled));
    }

    [Fact]
    public async Task Schedule_InTransaction_IsRefusedClearly()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var sender = emulator.Client.CreateSender(queue);
        using var scope = ClientTransaction.Begin();

        var error = await Assert.ThrowsAsync<NotSupportedException>(
            () => sender.ScheduleMessageAsync(new ServiceBusMessage("x"), emulator.Time.GetUtcNow().AddHours(1), Cancelled));

        Assert.Contains("cannot be part of a transaction", error.Message, StringComparison.Ordinal);
    }

    private static async Task<ServiceBusReceivedMessage?> PeekOutsideAsync(ServiceBusReceiver receiver)
    {
        using var outside = new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
        return await receiver.PeekMessageAsync(0, Cancelled);
    }
}

using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Tests.Queues;

/// <summary>The queue by itself, with a clock that the test moves.</summary>
public sealed class MessageQueueTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Dispatch_TwoConsumers_TakesTurnsWithinCredit()
    {
        using var harness = new QueueHarness();
        var first = new FakeConsumer(2);
        var second = new FakeConsumer(10);
        await harness.AttachAsync(first);
        await harness.AttachAsync(second);

        for (var count = 0; count < 6; count++)
            await harness.SendAsync();

        Assert.Equal(2, first.Deliveries.Count);
        Assert.Equal(4, second.Deliveries.Count);
        Assert.Equal([1, 2, 3, 4, 5, 6], first.Numbers.Concat(second.Numbers).Order());
    }

    [Fact]
    public async Task Abandon_Message_ReturnsToItsPlace()
    {
        using var harness = new QueueHarness();
        for (var count = 0; count < 3; count++)
            await harness.SendAsync();
        var consumer = new FakeConsumer(2);
        await harness.AttachAsync(consumer);

        await harness.SettleAsync(consumer.Deliveries[0].Token, SettlementKind.Abandon);
        consumer.Credit = 2;
        await harness.Loop.RunAsync(harness.Queue.Dispatch);

        Assert.Equal([1, 2, 1, 3], consumer.Numbers);
    }

    [Fact]
    public async Task LockExpiry_UntilTheLimit_DeadLetters()
    {
        using var harness = new QueueHarness(new QueueOptions { MaxDeliveryCount = 3 });
        var consumer = new FakeConsumer(100);
        await harness.AttachAsync(consumer);
        await harness.SendAsync();

        for (var expiry = 0; expiry < 3; expiry++)
            await harness.AdvanceAsync(Minute);

        Assert.Equal(3, consumer.Deliveries.Count);
        Assert.Equal((0, 1), (harness.Queue.Counts.Active, harness.Dead.Counts.Active));
    }

    [Fact]
    public async Task RenewLock_JustInTime_KeepsItAndExpiresLater()
    {
        using var harness = new QueueHarness();
        var consumer = new FakeConsumer(100);
        await harness.AttachAsync(consumer);
        await harness.SendAsync();

        await harness.AdvanceAsync(TimeSpan.FromSeconds(59));
        var until = await harness.Loop.RunAsync(() => harness.Queue.RenewLock(consumer.Deliveries[0].Token));
        await harness.AdvanceAsync(TimeSpan.FromSeconds(59));
        Assert.Single(consumer.Deliveries);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(2, consumer.Deliveries.Count);
        Assert.Equal(harness.Time.Start + TimeSpan.FromSeconds(119), until);
    }

    [Fact]
    public async Task Settle_AfterExpiryButBeforeTheTimer_IsLost()
    {
        using var harness = new QueueHarness();
        var consumer = new FakeConsumer(1);
        await harness.AttachAsync(consumer);
        await harness.SendAsync();

        // The timer's work is posted behind this piece.
        var error = await Assert.ThrowsAsync<BrokerException>(() => harness.Loop.RunAsync(() =>
        {
            harness.Time.Advance(TimeSpan.FromMinutes(2));
            harness.Queue.Settle(consumer.Deliveries[0].Token, Settlement.Complete);
        }));

        Assert.Equal(BrokerError.MessageLockLost, error.Error);
    }

    [Fact]
    public async Task Expiry_WhileHeld_WaitsForTheLock()
    {
        using var harness = new QueueHarness();
        var consumer = new FakeConsumer(1);
        await harness.AttachAsync(consumer);
        await harness.SendAsync(timeToLive: TimeSpan.FromSeconds(10));

        await harness.AdvanceAsync(TimeSpan.FromSeconds(20));
        await harness.SettleAsync(consumer.Deliveries[0].Token, SettlementKind.Complete);

        Assert.Equal(1, harness.Queue.Counts.Completed);
    }

    [Fact]
    public async Task Expiry_HeldAndAbandoned_EndsIt()
    {
        using var harness = new QueueHarness(new QueueOptions { DeadLetteringOnMessageExpiration = true });
        var consumer = new FakeConsumer(5);
        await harness.AttachAsync(consumer);
        await harness.SendAsync(timeToLive: TimeSpan.FromSeconds(10));

        await harness.AdvanceAsync(TimeSpan.FromSeconds(20));
        await harness.SettleAsync(consumer.Deliveries[0].Token, SettlementKind.Abandon);

        Assert.Single(consumer.Deliveries);
        Assert.Equal(1, harness.Dead.Counts.Active);
    }

    [Fact]
    public async Task Schedule_DueMessages_ComeInTheOrderOfTheirTimes()
    {
        using var harness = new QueueHarness();
        var consumer = new FakeConsumer(10, settlesOnDelivery: true);
        await harness.AttachAsync(consumer);
        await harness.SendAsync(scheduled: harness.Time.Start + TimeSpan.FromHours(2));
        await harness.SendAsync(scheduled: harness.Time.Start + TimeSpan.FromHours(1));

        await harness.AdvanceAsync(TimeSpan.FromMinutes(61));
        Assert.Equal([3], consumer.Numbers);
        await harness.AdvanceAsync(TimeSpan.FromMinutes(61));

        Assert.Equal([3, 4], consumer.Numbers);
    }

    [Fact]
    public async Task Duplicates_AfterTheWindow_AreNewMessages()
    {
        using var harness = new QueueHarness(new QueueOptions
        {
            RequiresDuplicateDetection = true,
            DuplicateDetectionHistoryTimeWindow = TimeSpan.FromMinutes(10),
        });

        Assert.NotEqual(0, await harness.SendAsync(id: "a"));
        await harness.AdvanceAsync(TimeSpan.FromMinutes(9));
        Assert.Equal(0, await harness.SendAsync(id: "a"));
        await harness.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.NotEqual(0, await harness.SendAsync(id: "a"));
    }

    [Fact]
    public async Task SessionLock_Expired_GoesToTheNextWaitingReceiver()
    {
        using var harness = new QueueHarness(new QueueOptions { RequiresSession = true });
        var first = new FakeConsumer(1);
        var second = new FakeConsumer(1);
        await harness.SendAsync(session: "a");
        var granted = Request(harness, first);
        await granted.Completion;
        await harness.Loop.RunAsync(() => harness.Queue.DispatchSession(first, "a"));
        var waiting = Request(harness, second, patience: TimeSpan.FromMinutes(5));

        await harness.AdvanceAsync(Minute);
        var (session, _) = await waiting.Completion;
        await harness.Loop.RunAsync(() => harness.Queue.DispatchSession(second, "a"));

        Assert.Equal("a", session);
        Assert.True(first.IsSessionLost);
        Assert.Equal([1], second.Numbers);
    }

    [Fact]
    public async Task SessionRequest_WhoseClientLeft_DoesNotKeepTheSession()
    {
        using var harness = new QueueHarness(new QueueOptions { RequiresSession = true });
        var gone = Request(harness, new FakeConsumer(1), patience: TimeSpan.FromMinutes(5));
        var next = Request(harness, new FakeConsumer(1), patience: TimeSpan.FromMinutes(5));
        gone.Cancel();

        await harness.SendAsync(session: "a");

        Assert.Equal("a", (await next.Completion).SessionId);
    }

    [Fact]
    public async Task SessionRequest_NothingInTime_IsRefused()
    {
        using var harness = new QueueHarness(new QueueOptions { RequiresSession = true });
        var waiting = Request(harness, new FakeConsumer(1), patience: TimeSpan.FromSeconds(30));

        await harness.AdvanceAsync(TimeSpan.FromSeconds(31));

        var error = await Assert.ThrowsAsync<BrokerException>(() => waiting.Completion);
        Assert.Equal(BrokerError.Timeout, error.Error);
    }

    [Fact]
    public async Task DeleteMessages_BeforeATime_SparesHeldAndNewerOnes()
    {
        using var harness = new QueueHarness();
        for (var count = 0; count < 3; count++)
            await harness.SendAsync();
        await harness.AttachAsync(new FakeConsumer(1));
        await harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        await harness.SendAsync();

        var deleted = await harness.Loop.RunAsync(() => harness.Queue.DeleteMessages(100, harness.Time.Start + TimeSpan.FromSeconds(1)));

        Assert.Equal(2, deleted);
        Assert.Equal(2, harness.Queue.Counts.Active);
    }

    [Fact]
    public async Task ManyMessages_ReceivedAndCompleted_LeaveNothing()
    {
        using var harness = new QueueHarness(new QueueOptions { DefaultMessageTimeToLive = TimeSpan.FromHours(1) });
        var consumer = new FakeConsumer(int.MaxValue);
        await harness.AttachAsync(consumer);
        for (var count = 0; count < 5000; count++)
        {
            await harness.SendAsync();
            if (count % 7 == 0)
                await harness.SettleAsync(consumer.Deliveries[^1].Token, SettlementKind.Release);
            await harness.SettleAsync(consumer.Deliveries[^1].Token, SettlementKind.Complete);
        }

        Assert.Equal(0, harness.Queue.Counts.Active);
        Assert.Equal(0, harness.Queue.Counts.SizeBytes);
        Assert.Empty(await harness.Loop.RunAsync(() => harness.Queue.Peek(0, 10, null)));
    }

    private static SessionRequest Request(QueueHarness harness, FakeConsumer consumer, TimeSpan? patience = null)
    {
        var request = new SessionRequest(consumer, null, harness.Loop.NowTicks + (patience ?? TimeSpan.Zero).Ticks);
        harness.Loop.Post(() => harness.Queue.RequestSession(request));
        return request;
    }
}

using Azure.Messaging.ServiceBus;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;
using Serverless.Worker.Jobs;

namespace Serverless.Worker.Tests.Jobs;

/// <summary>One shard, real storage and Service Bus, and workers that die between each two steps.</summary>
[Collection(JobCollection.Name)]
public sealed class ShardHandlerTests(JobFixture fixture)
{
    // About 20 ms a line.
    private const int SlowCount = 4_000;

    private readonly RunningWorker _worker = fixture.Worker;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handle_WholeShard_AnswersEachLineOnceInOrder()
    {
        var shard = await Shard.CreateAsync(fixture, lines: 50);

        var settlement = await shard.DeliverAsync(shard.CreateHandler(_worker));

        Assert.Equal("done", settlement?.Outcome);
        await shard.AssertAnsweredOnceAsync();
        Assert.Equal(BatchEventKind.Done, (await shard.EventsAsync())[^1]);
        Assert.True(await shard.IsQueueEmptyAsync());
    }

    [Fact]
    public async Task Handle_DeathBetweenRunAndWrite_IsMadeUpForByTheNextDelivery()
    {
        var shard = await Shard.CreateAsync(fixture, lines: 5);

        var died = await shard.DeliverAsync(shard.CreateHandler(_worker, Death.BeforeWrite));
        var left = await shard.ChainAsync();
        var settlement = await shard.DeliverAsync(shard.CreateHandler(_worker));

        Assert.Null(died);
        Assert.Empty(left.Segments);
        Assert.Equal("done", settlement?.Outcome);
        await shard.AssertAnsweredOnceAsync();
        Assert.True(await shard.IsQueueEmptyAsync());
    }

    [Fact]
    public async Task Handle_DeathBetweenWriteAndEvent_NextDeliverySendsTheEvent()
    {
        var shard = await Shard.CreateAsync(fixture, lines: 5);

        var died = await shard.DeliverAsync(shard.CreateHandler(_worker, Death.BeforeEvent));
        var left = await shard.ChainAsync();
        var heard = await shard.EventsAsync();
        var settlement = await shard.DeliverAsync(shard.CreateHandler(_worker));

        Assert.Null(died);
        Assert.Equal(shard.Message.First + 5, left.Next);
        Assert.Empty(heard);
        Assert.Equal("done", settlement?.Outcome);
        Assert.Equal([BatchEventKind.Done], await shard.EventsAsync());
        await shard.AssertAnsweredOnceAsync();
    }

    [Fact]
    public async Task Handle_DeathBetweenWriteAndEventInMidShard_GoesOnBehindTheSegment()
    {
        var shard = await Shard.CreateAsync(fixture, lines: 40, SlowCount);

        var died = await shard.DeliverAsync(shard.CreateHandler(_worker, Death.BeforeEvent));
        var left = await shard.ChainAsync();
        var settlement = await shard.DeliverAsync(shard.CreateHandler(_worker));

        Assert.Null(died);
        Assert.InRange(left.Next - shard.Message.First, 1, 39);
        Assert.Equal("done", settlement?.Outcome);
        Assert.Equal(left.Segments[0], (await shard.ChainAsync()).Segments[0]);
        await shard.AssertAnsweredOnceAsync(SlowCount);
    }

    [Fact]
    public async Task Handle_DeathBetweenEventAndComplete_NextDeliveryCompletes()
    {
        var shard = await Shard.CreateAsync(fixture, lines: 5);

        // Nobody settles this delivery: it is the message in the queue that the second one takes, when the lock has expired.
        await using (var receiver = fixture.Client.CreateReceiver(ServiceBusQueues.ShardsOf(shard.Pool)))
        {
            Assert.NotNull(await receiver.ReceiveMessageAsync(cancellationToken: Token));
            await shard.CreateHandler(_worker).HandleAsync(shard.Message, Token, Token);
        }

        var settlement = await shard.DeliverAsync(shard.CreateHandler(_worker));

        Assert.Equal("done", settlement?.Outcome);
        Assert.Equal([BatchEventKind.Done, BatchEventKind.Done], (await shard.EventsAsync()).Where(kind => kind == BatchEventKind.Done));
        Assert.True(await shard.IsQueueEmptyAsync());
        await shard.AssertAnsweredOnceAsync();
    }

    [Fact]
    public async Task Handle_MaxRunIsOver_SendsTheRestAsAContinuation()
    {
        var shard = await Shard.CreateAsync(fixture, lines: 120, SlowCount);
        var settings = new JobOptions { SegmentInterval = TimeSpan.FromSeconds(10), LinesInFlight = 2, MaxRun = TimeSpan.FromMilliseconds(300) };

        var outcomes = new List<string?>();
        do
            outcomes.Add((await shard.DeliverAsync(shard.CreateHandler(_worker, settings: settings)))?.Outcome);
        while (outcomes[^1] == "continued");

        Assert.Equal("done", outcomes[^1]);
        Assert.True(outcomes.Count > 1);
        Assert.Equal(outcomes.Count, await shard.EpochAsync());
        Assert.True(await shard.IsQueueEmptyAsync());
        await shard.AssertAnsweredOnceAsync(SlowCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Handle_DeathAroundTheContinuationsSend_ShardIsStillFinished(bool afterSend)
    {
        var shard = await Shard.CreateAsync(fixture, lines: 120, SlowCount);
        await using var sender = fixture.Client.CreateSender(ServiceBusQueues.ShardsOf(shard.Pool));
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(250));

        var died = await shard.DeliverAsync(shard.CreateHandler(_worker, sender: new DyingSender(afterSend ? sender : null)), stop);
        var outcomes = new List<string?>();
        for (var i = 0; i < 2; i++)
            outcomes.Add((await shard.DeliverAsync(shard.CreateHandler(_worker)))?.Outcome);

        // The old message is stale: it brings the new one about where that was never sent, and its second copy is dropped where it was.
        Assert.Null(died);
        Assert.Equal(["done", afterSend ? "over or stale" : "stale"], outcomes.Select(outcome => outcome == "stale" && afterSend ? "over or stale" : outcome).Order());
        Assert.Equal(2, await shard.EpochAsync());
        Assert.True(await shard.IsQueueEmptyAsync());
        await shard.AssertAnsweredOnceAsync(SlowCount);
    }

    [Fact]
    public async Task Handle_TwoWorkersAtOnce_OneChainComesOut()
    {
        var shard = await Shard.CreateAsync(fixture, lines: 60, SlowCount);
        await using var second = await fixture.StartWorkerAsync();

        var both = await Task.WhenAll(
            shard.CreateHandler(_worker).HandleAsync(shard.Message, Token, Token),
            shard.CreateHandler(second).HandleAsync(shard.Message, Token, Token));

        Assert.All(both, settlement => Assert.Equal("done", settlement.Outcome));
        await shard.AssertAnsweredOnceAsync(SlowCount);
    }

    [Fact]
    public async Task Handle_StaleEpoch_SendsTheCurrentOneAndRunsNothing()
    {
        var shard = await Shard.CreateAsync(fixture, lines: 3);
        await shard.SetRowAsync(JobTables.ShardEpoch, 4);

        var stale = await shard.DeliverAsync(shard.CreateHandler(_worker));
        var ran = await shard.ChainAsync();
        var current = await shard.DeliverAsync(shard.CreateHandler(_worker));

        Assert.Equal("stale", stale?.Outcome);
        Assert.Empty(ran.Segments);
        Assert.Equal("done", current?.Outcome);
        Assert.True(await shard.IsQueueEmptyAsync());
    }

    [Theory]
    [InlineData("Done")]
    [InlineData("Failed")]
    [InlineData("Stopped")]
    public async Task Handle_ShardThatIsOver_CompletesWithoutARun(string state)
    {
        var shard = await Shard.CreateAsync(fixture, lines: 3);
        await shard.SetRowAsync(JobTables.ShardStateColumn, state);

        var settlement = await shard.DeliverAsync(shard.CreateHandler(_worker));

        Assert.Equal("over", settlement?.Outcome);
        Assert.Empty((await shard.ChainAsync()).Segments);
    }

    [Fact]
    public async Task Handle_BatchCancelledInMidShard_KeepsWhatIsFinishedAndStops()
    {
        var shard = await Shard.CreateAsync(fixture, lines: 400, SlowCount);

        var running = shard.DeliverAsync(shard.CreateHandler(_worker));
        await Task.Delay(300, Token);
        await shard.SetBatchAsync(BatchStatus.Cancelling);
        var settlement = await running.WaitAsync(TimeSpan.FromSeconds(5), Token);

        Assert.Equal("stopped", settlement?.Outcome);
        Assert.Equal(BatchEventKind.Stopped, (await shard.EventsAsync())[^1]);
        Assert.InRange((await shard.AnswersAsync()).Output.Count, 1, 399);
        Assert.True(await shard.IsQueueEmptyAsync());
    }

    [Fact]
    public async Task Handle_WindowThatIsClosed_StopsWithoutARun()
    {
        var shard = await Shard.CreateAsync(fixture, lines: 3, window: TimeSpan.FromSeconds(-1));

        var settlement = await shard.DeliverAsync(shard.CreateHandler(_worker));

        Assert.Equal("stopped", settlement?.Outcome);
        Assert.Equal([BatchEventKind.Stopped], await shard.EventsAsync());
        Assert.Empty((await shard.ChainAsync()).Segments);
        Assert.True(await shard.IsQueueEmptyAsync());
    }

    [Fact]
    public async Task Handle_WindowClosesInMidShard_KeepsWhatIsFinishedAndStops()
    {
        // The batch's row says in_progress to the end: it is the message's own time that the worker goes by.
        var shard = await Shard.CreateAsync(fixture, lines: 1_000, SlowCount, window: TimeSpan.FromSeconds(2));

        var settlement = await shard.DeliverAsync(shard.CreateHandler(_worker)).WaitAsync(TimeSpan.FromSeconds(10), Token);

        Assert.True(TimeProvider.System.GetUtcNow() >= shard.Message.ExpiresAt);
        Assert.Equal("stopped", settlement?.Outcome);
        Assert.Equal(BatchEventKind.Stopped, (await shard.EventsAsync())[^1]);
        Assert.InRange((await shard.AnswersAsync()).Output.Count, 1, 999);
        Assert.True(await shard.IsQueueEmptyAsync());
    }

    [Fact]
    public async Task Handle_LockLostInMidShard_SealsWhatIsFinishedAndLeavesTheMessage()
    {
        var shard = await Shard.CreateAsync(fixture, lines: 400, SlowCount);
        using var lost = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        var settlement = await shard.DeliverAsync(shard.CreateHandler(_worker), lost: lost);

        Assert.Equal((SettlementKind.Leave, "lock_lost"), (settlement?.Kind, settlement?.Outcome));
        Assert.InRange((await shard.AnswersAsync()).Output.Count, 1, 399);
        Assert.Equal(1, await shard.EpochAsync());
        Assert.False(await shard.IsQueueEmptyAsync());
    }

    [Fact]
    public async Task Handle_InputChanged_IsDeadLettered()
    {
        var shard = await Shard.CreateAsync(fixture, lines: 3);
        await shard.Storage.Blobs.GetBlobContainerClient(shard.Message.Container).GetBlobClient(shard.Message.Blob)
            .UploadAsync(BinaryData.FromString("other"), overwrite: true, Token);

        var settlement = await shard.DeliverAsync(shard.CreateHandler(_worker));

        Assert.Equal(SettlementKind.DeadLetter, settlement?.Kind);
        Assert.Equal("InputChanged", settlement?.Reason);
        await using var dead = fixture.Client.CreateReceiver(
            ServiceBusQueues.ShardsOf(shard.Pool), new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        Assert.Equal("InputChanged", (await dead.ReceiveMessageAsync(cancellationToken: Token)).DeadLetterReason);
    }

    [Theory]
    [InlineData("/v2/models/nobody/infer", 404, "nobody")]
    [InlineData("/v1/embeddings", 400, "model is missing")]
    [InlineData("/v1/nothing", 501, "not implemented")]
    public async Task Handle_EngineErrors_AreErrorLines(string endpoint, int status, string named)
    {
        var shard = await Shard.CreateAsync(fixture, lines: 3, endpoint: endpoint);

        var settlement = await shard.DeliverAsync(shard.CreateHandler(_worker));

        Assert.Equal("done", settlement?.Outcome);
        var (output, errors) = await shard.AnswersAsync();
        Assert.Empty(output);
        Assert.Equal(["line-0", "line-1", "line-2"], errors.Select(line => line.GetProperty("custom_id").GetString()));
        Assert.All(errors, line => Assert.Equal(status, line.GetProperty("response").GetProperty("status_code").GetInt32()));
        Assert.All(errors, line => Assert.Contains(named, line.GetProperty("response").GetProperty("body").GetRawText(), StringComparison.Ordinal));
    }
}

using Serverless.Contracts.Jobs;
using Serverless.Gateway.Batches.Running;

namespace Serverless.Gateway.Tests.Jobs;

/// <summary>From shards to files: deaths between a worker's steps, lost and doubled events.</summary>
[Collection(JobsCollection.Name)]
public sealed class RunTests(JobsFixture fixture)
{
    [Fact]
    public async Task Run_GoodAndBadLines_GoToTheirFilesInInputOrder()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync(lines: 41);

        await batch.Worker.RunAllAsync(batch.Id, id => !id.EndsWith('3'));

        await batch.AssertStatusAsync("completed");
        Assert.Equal(batch.AllIds.Where(id => !id.EndsWith('3')), await batch.Api.OutputIdsAsync(batch.Id));
        Assert.Equal(batch.AllIds.Where(id => id.EndsWith('3')), await batch.Api.ErrorIdsAsync(batch.Id));
        var usage = (await batch.Api.GetAsync(batch.Id)).GetProperty("usage");
        Assert.Equal(3 * 37, usage.GetProperty("input_tokens").GetInt32());
    }

    [Fact]
    public async Task Run_OneSegmentOfAShard_MovesTheCounts()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync();
        var (message, shard) = (await batch.Worker.ReceiveAsync(batch.Id))!.Value;
        await batch.Worker.WriteAsync(shard, 1);
        await batch.Worker.ReportAsync(shard, BatchEventKind.Progress);

        await fixture.PumpAsync();

        var counts = (await batch.Api.GetAsync(batch.Id)).GetProperty("request_counts");
        Assert.Equal((6, 1, 0), (counts.GetProperty("total").GetInt32(), counts.GetProperty("completed").GetInt32(), counts.GetProperty("failed").GetInt32()));
        await batch.Worker.AbandonAsync(message);
        await batch.Worker.RunAllAsync(batch.Id);
        await batch.AssertAllAnsweredAsync();
    }

    [Theory]
    [InlineData("run and write", false, false)]
    [InlineData("write and event", true, false)]
    [InlineData("event and complete", true, true)]
    public async Task Run_DeathBetweenSteps_AnswersEachLineOnce(string between, bool written, bool reported)
    {
        Assert.NotEmpty(between);
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync();
        var (message, shard) = (await batch.Worker.ReceiveAsync(batch.Id))!.Value;
        if (written)
            Assert.True(await batch.Worker.WriteAsync(shard, shard.Lines));
        if (reported)
            await batch.Worker.ReportAsync(shard, BatchEventKind.Done);
        await batch.Worker.AbandonAsync(message);
        await fixture.PumpAsync();

        await batch.Worker.RunAllAsync(batch.Id);

        await batch.AssertAllAnsweredAsync();
    }

    [Fact]
    public async Task Run_TwoWorkersOnOneShard_OnlyOneSealsFromAPosition()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync();
        var (message, shard) = (await batch.Worker.ReceiveAsync(batch.Id))!.Value;
        var before = await batch.Worker.ChainAsync(shard);

        Assert.True(await batch.Worker.WriteAsync(shard, 1, id => false));
        Assert.False(await batch.Worker.WriteAsync(shard, before.Next, before.NextOffset, 2));

        await batch.Worker.AbandonAsync(message);
        await batch.Worker.RunAllAsync(batch.Id);
        Assert.Equal(["id-0"], await batch.Api.ErrorIdsAsync(batch.Id));
        Assert.Equal(batch.AllIds.Skip(1), await batch.Api.OutputIdsAsync(batch.Id));
    }

    [Fact]
    public async Task Run_AllEventsLost_MaintenanceEndsTheBatch()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync();
        while (await batch.Worker.ReceiveAsync(batch.Id) is { } received)
        {
            await batch.Worker.WriteAsync(received.Shard, received.Shard.Lines);
            await batch.Worker.CompleteAsync(received.Message);
        }

        await fixture.MaintainAsync();

        await batch.AssertAllAnsweredAsync();
    }

    [Fact]
    public async Task Run_EventsDoubledEarlyAndLate_ChangeNothing()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync();
        var (message, shard) = (await batch.Worker.ReceiveAsync(batch.Id))!.Value;
        for (var i = 0; i < 3; i++)
            await batch.Worker.ReportAsync(shard, BatchEventKind.Done);
        await fixture.PumpAsync();
        await batch.AssertStatusAsync("in_progress");
        await batch.Worker.AbandonAsync(message);
        await batch.Worker.RunAllAsync(batch.Id);
        var ended = (await batch.Api.GetAsync(batch.Id)).GetRawText();

        for (var i = 0; i < 3; i++)
            await batch.Worker.ReportAsync(shard, BatchEventKind.Stopped);
        await fixture.PumpAsync();

        Assert.Equal(ended, (await batch.Api.GetAsync(batch.Id)).GetRawText());
        await batch.AssertAllAnsweredAsync();
    }

    [Fact]
    public async Task Run_ManyFanInsAtOnce_AnswerEachLineOnce()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync(lines: 20);
        while (await batch.Worker.ReceiveAsync(batch.Id) is { } received)
        {
            await batch.Worker.WriteAsync(received.Shard, received.Shard.Lines);
            await batch.Worker.CompleteAsync(received.Message);
            var report = new BatchEvent(batch.Id, BatchEventKind.Done, received.Shard.Shard, received.Shard.Epoch);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fixture.Get<FanIn>().HandleAsync(report, TestContext.Current.CancellationToken)));
        }

        await batch.AssertAllAnsweredAsync();
    }

    [Fact]
    public async Task Release_DeathBeforeTheMessage_IsSentByTheNextLook()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync();
        while (await batch.Worker.ReceiveAsync(batch.Id) is { } received)
            await batch.Worker.CompleteAsync(received.Message);
        foreach (var shard in await fixture.Batches.ListShardsAsync(batch.Id, TestContext.Current.CancellationToken))
        {
            shard.Is = ShardState.Releasing;
            shard.Epoch = 2;
            Assert.True(await fixture.Batches.TryUpdateAsync(shard, TestContext.Current.CancellationToken));
        }

        await fixture.MaintainAsync();
        await batch.Worker.RunAllAsync(batch.Id);

        await batch.AssertAllAnsweredAsync();
    }

    [Fact]
    public async Task Release_MessageLost_IsDrivenAgainAfterTheStallLimit()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync();
        while (await batch.Worker.ReceiveAsync(batch.Id) is { } received)
            await batch.Worker.CompleteAsync(received.Message);
        await fixture.MaintainAsync();
        Assert.Null(await batch.Worker.ReceiveAsync(batch.Id));

        fixture.Time.Advance(TimeSpan.FromMinutes(16));
        await fixture.MaintainAsync();
        await batch.Worker.RunAllAsync(batch.Id);

        await batch.AssertAllAnsweredAsync();
    }

    [Fact]
    public async Task Validate_DeathAfterTheShards_IsTakenOnByTheNextDelivery()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.CreateAsync();
        await fixture.PumpAsync();
        await batch.ChangeAsync(row =>
        {
            row.Status = BatchStatuses.NameOf(BatchStatus.Validating);
            return true;
        });

        fixture.Time.Advance(TimeSpan.FromMinutes(2));
        await fixture.MaintainAsync();
        await fixture.PumpAsync();
        await batch.Worker.RunAllAsync(batch.Id);

        await batch.AssertAllAnsweredAsync();
    }
}

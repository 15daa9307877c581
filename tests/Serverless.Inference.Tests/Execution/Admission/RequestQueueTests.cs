using Serverless.Inference.Execution;
using Serverless.Inference.Execution.Batching;

namespace Serverless.Inference.Tests.Execution.Admission;

public sealed class RequestQueueTests
{
    [Fact]
    public void Take_TwoTenantsOneTenTimesAsBusy_GetTheSame()
    {
        var waiting = new Waiting();
        for (var i = 0; i < 400; i++)
            waiting.Add(i % 11 == 0 ? "small" : "large");

        var taken = Enumerable.Range(0, 9).SelectMany(_ => waiting.Take(rows: 8).Items).ToList();

        Assert.Equal(36, taken.Count(item => item.Terms.Tenant == "small"));
        Assert.Equal(36, taken.Count(item => item.Terms.Tenant == "large"));
    }

    [Fact]
    public void Take_TenantsOfDifferentWeight_GetByTheirWeight()
    {
        var waiting = new Waiting();
        for (var i = 0; i < 100; i++)
        {
            waiting.Add("a", weight: 3);
            waiting.Add("b");
        }

        var taken = Enumerable.Range(0, 10).SelectMany(_ => waiting.Take(rows: 8).Items).ToList();

        Assert.Equal(60, taken.Count(item => item.Terms.Tenant == "a"));
    }

    [Fact]
    public void Take_TenantThatWasAway_DoesNotCatchUp()
    {
        var waiting = new Waiting();
        for (var i = 0; i < 100; i++)
            waiting.Add("a");
        waiting.Take(rows: 32);
        for (var i = 0; i < 100; i++)
            waiting.Add("b");

        var taken = waiting.Take(rows: 20);

        Assert.Equal(10, taken.Items.Count(item => item.Terms.Tenant == "b"));
    }

    [Fact]
    public void Take_InteractiveAndBatch_TakesInteractiveAndDoesNotMix()
    {
        var waiting = new Waiting();
        waiting.Add(priority: RunPriority.Batch);
        var interactive = waiting.Add();

        Assert.Equal([interactive], waiting.Take().Items);
        Assert.Equal(RunPriority.Batch, waiting.Take().Items.Single().Terms.Priority);
    }

    [Fact]
    public void Take_BatchThatHasAged_GetsEveryFourthTurn()
    {
        var waiting = new Waiting();
        for (var i = 0; i < 3; i++)
            waiting.Add(priority: RunPriority.Batch);
        waiting.Time.Advance(TimeSpan.FromSeconds(6));
        for (var i = 0; i < 12; i++)
            waiting.Add();

        var turns = Enumerable.Range(0, 8).Select(_ => waiting.Take(rows: 1).Items[0].Terms.Priority).ToList();

        Assert.Equal(2, turns.Count(turn => turn == RunPriority.Batch));
        Assert.Equal(RunPriority.Batch, turns[3]);
        Assert.Equal(RunPriority.Batch, turns[7]);
    }

    [Fact]
    public void Take_BatchWhileInteractiveComesIn_RunsNoLongerThanIt()
    {
        var waiting = new Waiting();
        waiting.Times.Add(1, TimeSpan.FromMilliseconds(10));
        waiting.Times.Add(8, TimeSpan.FromMilliseconds(80));
        waiting.Add();
        waiting.Take();
        for (var i = 0; i < 16; i++)
            waiting.Add(priority: RunPriority.Batch);

        Assert.Equal(1, waiting.Take().Rows);
        waiting.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(15, waiting.Take().Rows);
    }

    [Fact]
    public void Take_MixedLengths_PutsLikeWithLikeWithinTheWaste()
    {
        var waiting = new Waiting(sequence: true);
        for (var i = 0; i < 32; i++)
            waiting.Add(width: i % 2 == 0 ? 10 : 200);

        var first = waiting.Take(rows: 32, elements: 4096);
        var second = waiting.Take(rows: 32, elements: 4096);

        Assert.Equal((16, 10), (first.Rows, first.Width));
        Assert.Equal((16, 200), (second.Rows, second.Width));
    }

    [Fact]
    public void Take_AnyRequests_TakesEachOnceWithinTheBounds()
    {
        var random = new Random(4);
        for (var round = 0; round < 50; round++)
        {
            var waiting = new Waiting(maxBatch: 16, sequence: true);
            var added = Enumerable.Range(0, random.Next(1, 100))
                .Select(_ => waiting.Add($"t{random.Next(3)}", random.Next(1, 5), random.Next(1, 100))).ToList();

            var taken = new List<Batch>();
            while (waiting.Queue.Count > 0)
                taken.Add(waiting.Take(rows: 16, elements: 512));

            Assert.Equal(added.ToHashSet(), taken.SelectMany(batch => batch.Items).ToHashSet());
            Assert.Equal(added.Count, taken.Sum(batch => batch.Items.Count));
            Assert.Equal((0, 0L), (waiting.Queue.Rows, waiting.Queue.Bytes));
            Assert.All(taken, batch => Assert.True(
                batch.Items.Count == 1 || (batch.Rows <= 16 && batch.Units <= 512 && batch.Waste <= 0.25)));
        }
    }

    [Theory]
    [InlineData(7, 4)]
    [InlineData(3, 3)]
    [InlineData(9, 8)]
    public void Take_PreferredSizes_TakesTheLargestThatIsFilled(int waitingRows, int expected)
    {
        var waiting = new Waiting();
        for (var i = 0; i < waitingRows; i++)
            waiting.Add();

        var batch = waiting.Take(preferred: [8, 4]);

        Assert.Equal(expected, batch.Rows);
        Assert.Equal(waitingRows - expected, waiting.Queue.Rows);
    }

    [Fact]
    public void Take_DeadlineNear_KeepsTheRunShortEnoughForIt()
    {
        var waiting = new Waiting();
        waiting.Times.Add(1, TimeSpan.FromMilliseconds(10));
        waiting.Add(seconds: 0.045);
        for (var i = 0; i < 10; i++)
            waiting.Add();

        Assert.Equal(4, waiting.Take().Rows);
    }

    [Fact]
    public void RemoveLate_WhatCannotBeReadyAnyMore_GoesAndTheRestStays()
    {
        var waiting = new Waiting();
        waiting.Times.Add(1, TimeSpan.FromMilliseconds(10));
        var late = waiting.Add(seconds: 0.005);
        var batch = waiting.Add(seconds: 0.005, priority: RunPriority.Batch);
        waiting.Add(seconds: 0.5);
        waiting.Add();
        var removed = new List<WorkItem>();

        waiting.Queue.RemoveLate(waiting.Now, removed);

        Assert.Equal([late, batch], removed);
        Assert.Equal(2, waiting.Queue.Count);
    }

    [Fact]
    public void RemoveLate_NothingElseWaits_KeepsTheOneWithMostTime()
    {
        var waiting = new Waiting();
        waiting.Times.Add(1, TimeSpan.FromMilliseconds(10));
        waiting.Add(seconds: 0.003);
        var kept = waiting.Add(seconds: 0.005);
        var removed = new List<WorkItem>();

        waiting.Queue.RemoveLate(waiting.Now, removed);

        Assert.Single(removed);
        Assert.Equal([kept], waiting.Take().Items);
    }
}

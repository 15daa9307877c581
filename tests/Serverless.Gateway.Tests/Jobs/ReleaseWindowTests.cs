using Microsoft.Extensions.Options;
using Serverless.Contracts.Jobs;
using Serverless.Gateway.Batches;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Tests.Jobs;

/// <summary>How many shards of batches that run beside each other are with Service Bus.</summary>
[Collection(JobsCollection.Name)]
public sealed class ReleaseWindowTests(JobsFixture fixture) : IAsyncLifetime
{
    private const int Window = 8;

    // Of a line of 60 s and more each is a shard of its own.
    private const double ShardALine = 50;

    private readonly JobOptions _options = fixture.Get<IOptions<JobOptions>>().Value;
    private int _usual;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Takes the batches that other tests left out of the window.</summary>
    public async ValueTask InitializeAsync()
    {
        (_usual, _options.ReleasedShards) = (_options.ReleasedShards, Window);
        await ClearAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _options.ReleasedShards = _usual;
        await ClearAsync();
    }

    [Fact]
    public async Task Fill_OneBatch_HasTheWholeWindowAndNoMore()
    {
        await using var batch = new BatchScenario(fixture);

        await batch.StartAsync(lines: 10, secondsPerUnit: ShardALine);

        Assert.Equal((10, Window), (await CountAsync(batch), await OutAsync(batch)));
    }

    [Fact]
    public async Task Fill_ShardsThatEnd_AreReplacedUpToTheBatchesShare()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync(lines: 20, secondsPerUnit: ShardALine);

        await RunOneAsync(batch.Worker);
        Assert.Equal(Window, await OutAsync(batch));
        await using var second = new BatchScenario(fixture);
        await second.StartAsync(lines: 20, secondsPerUnit: ShardALine);

        // What the first released before it had company comes back as it ends; till then both together have more than the window.
        Assert.Equal((Window, Window / 2), (await OutAsync(batch), await OutAsync(second)));
        for (var i = 0; i < Window / 2; i++)
            await RunOneAsync(batch.Worker);
        Assert.Equal((Window / 2, Window / 2), (await OutAsync(batch), await OutAsync(second)));
    }

    [Fact]
    public async Task Fill_WeightsThatDiffer_ShareTheWindowByThem()
    {
        await using var light = new BatchScenario(fixture);
        await using var heavy = new BatchScenario(fixture, JobsFixture.HeavyKey);
        await light.CreateAsync(lines: 20, secondsPerUnit: ShardALine);
        await heavy.CreateAsync(lines: 20, secondsPerUnit: ShardALine);

        await fixture.PumpAsync();

        Assert.Equal((Window / 4, Window * 3 / 4), (await OutAsync(light), await OutAsync(heavy)));
    }

    [Fact]
    public async Task Fill_MoreBatchesThanTheWindow_HaveOneShardEach()
    {
        var batches = Enumerable.Range(0, Window + 2).Select(_ => new BatchScenario(fixture)).ToList();
        foreach (var batch in batches)
            await batch.CreateAsync(lines: 4, secondsPerUnit: ShardALine);

        await fixture.PumpAsync();

        foreach (var batch in batches)
        {
            Assert.Equal(1, await OutAsync(batch));
            await batch.DisposeAsync();
        }
    }

    [Fact]
    public async Task Fill_SmallBatchBesideALargeOne_EndsFirst()
    {
        await using var large = new BatchScenario(fixture);
        await using var small = new BatchScenario(fixture);
        await large.StartAsync(lines: 40, secondsPerUnit: ShardALine);
        await small.StartAsync(lines: 3, secondsPerUnit: ShardALine);

        for (var run = 0; await small.Api.StatusAsync(small.Id) != "completed"; run++)
        {
            // The large one's window stood before it in the queue, and nothing else.
            Assert.True(run < Window + 3, "The small batch waited for the large one.");
            await RunOneAsync(small.Worker);
        }

        await large.AssertStatusAsync("in_progress");
        await small.AssertAllAnsweredAsync();
    }

    /// <summary>Runs the shard that is next in the queue, whosever it is.</summary>
    private async Task RunOneAsync(StorageWorker worker)
    {
        var (message, shard) = (await worker.ReceiveAsync())!.Value;
        await worker.WriteAsync(shard, shard.Lines);
        await worker.ReportAsync(shard, BatchEventKind.Done);
        await worker.CompleteAsync(message);
        await fixture.PumpAsync();
    }

    private async Task<int> CountAsync(BatchScenario batch) => (await fixture.Batches.ListShardsAsync(batch.Id, Token)).Count;

    private async Task<int> OutAsync(BatchScenario batch) => (await fixture.Batches.ListShardsAsync(batch.Id, Token)).Count(shard => shard.IsOut);

    private async Task ClearAsync()
    {
        await using var worker = new StorageWorker(fixture);
        while (await worker.ReceiveAsync() is { } left)
            await worker.CompleteAsync(left.Message);
        var index = fixture.Get<BatchIndex>();
        foreach (var active in await index.ListActiveAsync(Token))
            await index.RemoveActiveAsync(active.RowKey, Token);
    }
}

using System.Net;
using Serverless.Contracts.Jobs;

namespace Serverless.Gateway.Tests.Jobs;

/// <summary>Dead letters, and re-drive at every stage.</summary>
[Collection(JobsCollection.Name)]
public sealed class RedriveTests(JobsFixture fixture)
{
    [Fact]
    public async Task DeadLetter_FailureOfTheWork_BecomesErrorLinesAndIsDrivenAgain()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync();
        await FailOneAsync(batch);
        await batch.Worker.RunAllAsync(batch.Id);
        await batch.AssertSplitAsync("completed", batch.AllIds.Except(["id-1"]), "batch_shard_failed");
        var first = await batch.Api.GetAsync(batch.Id);
        Assert.Contains(
            "broken disk", JobApi.Text((await batch.Api.FileLinesAsync(batch.Id, "error_file_id"))[0].GetProperty("error"), "message"), StringComparison.Ordinal);

        Assert.Equal("in_progress", JobApi.Text(await batch.Api.RedriveAsync(batch.Id), "status"));
        await fixture.PumpAsync();
        await batch.Worker.RunAllAsync(batch.Id);

        await batch.AssertAllAnsweredAsync();
        await fixture.MaintainAsync();
        foreach (var replaced in new[] { "output_file_id", "error_file_id" })
            await batch.Api.SendAsync(HttpMethod.Get, $"/v1/files/{JobApi.Text(first, replaced)}", expected: HttpStatusCode.NotFound);
        await batch.Api.RedriveAsync(batch.Id, HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Redrive_InProgress_RunsTheFailedShardAtOnce()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync();
        await batch.Api.RedriveAsync(batch.Id, HttpStatusCode.Conflict);
        await FailOneAsync(batch);
        await batch.AssertStatusAsync("in_progress");

        await batch.Api.RedriveAsync(batch.Id);
        await fixture.PumpAsync();
        await batch.Worker.RunAllAsync(batch.Id);

        await batch.AssertAllAnsweredAsync();
    }

    [Fact]
    public async Task Redrive_OtherStates_IsRefused()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.CreateAsync();
        await batch.Api.RedriveAsync(batch.Id, HttpStatusCode.Conflict);
        await batch.Api.CancelAsync(batch.Id);
        await batch.Api.RedriveAsync(batch.Id, HttpStatusCode.Conflict);
        await fixture.PumpAsync();
        await batch.AssertStatusAsync("cancelled");
        await batch.Api.RedriveAsync(batch.Id, HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData(BatchStatus.Validating)]
    [InlineData(BatchStatus.Failed)]
    [InlineData(BatchStatus.Finalizing)]
    [InlineData(BatchStatus.Cancelling)]
    [InlineData(BatchStatus.Cancelled)]
    [InlineData(BatchStatus.Expired)]
    public async Task Redrive_FailedShardsInOtherStates_IsRefused(BatchStatus status)
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync();
        await FailOneAsync(batch);
        await batch.ChangeAsync(row =>
        {
            row.Status = BatchStatuses.NameOf(status);
            return true;
        });

        await batch.Api.RedriveAsync(batch.Id, HttpStatusCode.Conflict);

        await batch.AssertStatusAsync(BatchStatuses.NameOf(status));
    }

    [Fact]
    public async Task DeadLetter_LostHosts_IsDrivenAgainWithTheNextEpoch()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync(lines: 2);
        await LoseHostsAsync(batch);

        await fixture.MaintainAsync();
        var (message, shard) = (await batch.Worker.ReceiveAsync(batch.Id))!.Value;

        Assert.Equal(2, shard.Epoch);
        await batch.Worker.AbandonAsync(message);
        await batch.Worker.RunAllAsync(batch.Id);
        await batch.AssertAllAnsweredAsync();
    }

    [Fact]
    public async Task DeadLetter_LostHostsBeyondTheLimit_IsGivenUp()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync(lines: 2);
        for (var loss = 0; loss < 4; loss++)
        {
            await LoseHostsAsync(batch);
            await fixture.MaintainAsync();
        }

        await fixture.PumpAsync();

        await batch.AssertSplitAsync("completed", [], "batch_shard_failed");
        Assert.Contains(
            "lost 4 times", JobApi.Text((await batch.Api.FileLinesAsync(batch.Id, "error_file_id"))[0].GetProperty("error"), "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeadLetter_OfAnEarlierEpoch_ChangesNothing()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync(lines: 2);
        var (message, shard) = (await batch.Worker.ReceiveAsync(batch.Id))!.Value;
        var row = (await fixture.Batches.FindShardAsync(batch.Id, 0, TestContext.Current.CancellationToken))!;
        row.Epoch = 2;
        await fixture.Batches.TryUpdateAsync(row, TestContext.Current.CancellationToken);
        await batch.Worker.SendAsync(shard with { Epoch = 2 });
        await batch.Worker.DeadLetterAsync(message, "InternalError", "stale");

        await fixture.MaintainAsync();
        await batch.Worker.RunAllAsync(batch.Id);

        await batch.AssertAllAnsweredAsync();
    }

    /// <summary>The first shard answers one line, then its work fails.</summary>
    private async Task FailOneAsync(BatchScenario batch)
    {
        var (message, shard) = (await batch.Worker.ReceiveAsync(batch.Id))!.Value;
        await batch.Worker.WriteAsync(shard, 1);
        await batch.Worker.DeadLetterAsync(message, "InternalError", "broken disk");
        await fixture.MaintainAsync();
    }

    private static async Task LoseHostsAsync(BatchScenario batch)
    {
        // The queue's MaxDeliveryCount; an abandon ends a delivery as an expired lock does.
        for (var delivery = 0; delivery < 5; delivery++)
            await batch.Worker.AbandonAsync((await batch.Worker.ReceiveAsync(batch.Id))!.Value.Message);
    }
}

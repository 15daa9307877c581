using System.Net;
using Serverless.Contracts.Jobs;
using Serverless.Gateway.Batches;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Tests.Jobs;

/// <summary>Cancel and expiry at every stage.</summary>
[Collection(JobsCollection.Name)]
public sealed class CancelTests(JobsFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancel_Validating_EndsWithoutFiles()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.CreateAsync();

        await batch.Api.CancelAsync(batch.Id);
        await batch.AssertStatusAsync("cancelling");
        await fixture.PumpAsync();

        await batch.AssertStatusAsync("cancelled");
        Assert.Empty(await batch.Api.ErrorIdsAsync(batch.Id));
        Assert.Equal(HttpStatusCode.Conflict, await CancelStatusAsync(batch));
    }

    [Fact]
    public async Task Cancel_WorkerSealsAndStops_KeepsFinishedLines()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync(lines: 2);
        var (message, shard) = (await batch.Worker.ReceiveAsync(batch.Id))!.Value;
        await batch.Api.CancelAsync(batch.Id);
        await batch.Api.CancelAsync(batch.Id);
        await fixture.PumpAsync();
        await batch.AssertStatusAsync("cancelling");

        await batch.Worker.WriteAsync(shard, 1);
        await batch.Worker.ReportAsync(shard, BatchEventKind.Stopped);
        await batch.Worker.CompleteAsync(message);
        await fixture.PumpAsync();

        await batch.AssertSplitAsync("cancelled", ["id-0"], "batch_cancelled");
    }

    [Fact]
    public async Task Cancel_WorkerThatNeverAnswers_IsOverAfterTheGrace()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync();
        var (message, shard) = (await batch.Worker.ReceiveAsync(batch.Id))!.Value;
        await batch.Worker.WriteAsync(shard, 1);
        await batch.Api.CancelAsync(batch.Id);
        await fixture.PumpAsync();
        await batch.AssertStatusAsync("cancelling");

        fixture.Time.Advance(JobLimits.CancelGrace);
        await fixture.MaintainAsync();

        await batch.AssertSplitAsync("cancelled", ["id-0"], "batch_cancelled");
        await batch.Worker.CompleteAsync(message);
    }

    [Fact]
    public async Task Cancel_Finalizing_IsTooLate()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartFinalizingAsync();

        Assert.Equal(HttpStatusCode.Conflict, await CancelStatusAsync(batch));
        await fixture.MaintainAsync();

        await batch.AssertAllAnsweredAsync();
        Assert.Equal(HttpStatusCode.Conflict, await CancelStatusAsync(batch));
    }

    [Fact]
    public async Task Cancel_Failed_IsTooLate()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.CreateAsync(lines: 0);
        await fixture.PumpAsync();
        await batch.AssertStatusAsync("failed");

        Assert.Equal(HttpStatusCode.Conflict, await CancelStatusAsync(batch));
    }

    [Fact]
    public async Task Expire_Validating_EndsWithoutFiles()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.CreateAsync();
        await batch.CloseWindowAsync();

        await fixture.MaintainAsync();
        await fixture.PumpAsync();

        await batch.AssertStatusAsync("expired");
    }

    [Fact]
    public async Task Expire_InProgress_KeepsFinishedLines()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync();
        var (message, shard) = (await batch.Worker.ReceiveAsync(batch.Id))!.Value;
        await batch.Worker.WriteAsync(shard, 2);
        await batch.CloseWindowAsync();
        await fixture.MaintainAsync();
        await batch.AssertStatusAsync("finalizing");

        fixture.Time.Advance(JobLimits.CancelGrace);
        await fixture.MaintainAsync();

        await batch.AssertSplitAsync("expired", ["id-0", "id-1"], "batch_expired");
        await batch.Worker.CompleteAsync(message);
        Assert.Equal(HttpStatusCode.Conflict, await CancelStatusAsync(batch));
    }

    [Fact]
    public async Task Expire_Cancelling_EndsCancelled()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync();
        await batch.Api.CancelAsync(batch.Id);
        await batch.CloseWindowAsync();

        fixture.Time.Advance(JobLimits.CancelGrace);
        await fixture.MaintainAsync();

        await batch.AssertSplitAsync("cancelled", [], "batch_cancelled");
    }

    [Fact]
    public async Task Expire_Finalizing_ChangesNothing()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartFinalizingAsync();
        await batch.CloseWindowAsync();

        await fixture.MaintainAsync();
        await fixture.MaintainAsync();

        await batch.AssertAllAnsweredAsync();
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("cancelled")]
    [InlineData("expired")]
    [InlineData("completed")]
    public async Task Expire_Ended_ChangesNothing(string status)
    {
        await using var batch = new BatchScenario(fixture);
        await EndAsync(batch, status);
        await batch.AssertStatusAsync(status);
        await batch.CloseWindowAsync();
        var ended = (await batch.Api.GetAsync(batch.Id)).GetRawText();

        // As if its clean-up had died before the last step, so that maintenance looks at it, and as if an event came late.
        await fixture.Get<BatchIndex>().AddActiveAsync((await fixture.Batches.FindAsync(batch.Id, Token))!, weight: 1, Token);
        await fixture.Get<JobQueues>().SendCheckAsync(batch.Id, TimeSpan.Zero, Token);
        await fixture.MaintainAsync();
        await fixture.PumpAsync();

        Assert.Equal(ended, (await batch.Api.GetAsync(batch.Id)).GetRawText());
    }

    private async Task EndAsync(BatchScenario batch, string status)
    {
        if (status == "completed")
        {
            await batch.StartAsync();
            await batch.Worker.RunAllAsync(batch.Id);
            return;
        }

        await batch.CreateAsync(lines: status == "failed" ? 0 : 6);
        if (status == "cancelled")
            await batch.Api.CancelAsync(batch.Id);
        if (status == "expired")
        {
            await batch.CloseWindowAsync();
            await fixture.MaintainAsync();
        }

        await fixture.PumpAsync();
    }

    private static async Task<HttpStatusCode> CancelStatusAsync(BatchScenario batch)
    {
        var error = await batch.Api.CancelAsync(batch.Id, HttpStatusCode.Conflict);
        Assert.Equal("conflict", JobApi.Text(error.GetProperty("error"), "code"));
        return HttpStatusCode.Conflict;
    }
}

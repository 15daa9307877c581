using System.Net;
using Serverless.Contracts.Jobs;

namespace Serverless.Gateway.Tests.Jobs;

/// <summary>Cancel and expiry at every stage.</summary>
[Collection(JobsCollection.Name)]
public sealed class CancelTests(JobsFixture fixture)
{
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
    public async Task Expire_FinalizingOrCompleted_ChangesNothing()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartFinalizingAsync();
        await batch.CloseWindowAsync();

        await fixture.MaintainAsync();
        await fixture.MaintainAsync();

        await batch.AssertAllAnsweredAsync();
    }

    private static async Task<HttpStatusCode> CancelStatusAsync(BatchScenario batch)
    {
        var error = await batch.Api.CancelAsync(batch.Id, HttpStatusCode.Conflict);
        Assert.Equal("conflict", JobApi.Text(error.GetProperty("error"), "code"));
        return HttpStatusCode.Conflict;
    }
}

using Serverless.Gateway.Batches;
using Serverless.Gateway.Batches.Finalizing;

namespace Serverless.Gateway.Tests.Jobs;

/// <summary>Finalizers that race, and that die between any two steps.</summary>
[Collection(JobsCollection.Name)]
public sealed class FinalizerTests(JobsFixture fixture)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(61);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private FinalizerClaim Claims => fixture.Get<FinalizerClaim>();

    private BatchFinalizer Finalizer => fixture.Get<BatchFinalizer>();

    [Fact]
    public async Task Run_TwoAtOnce_OneEndsTheBatch()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartFinalizingAsync();

        var ended = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Finalizer.RunAsync(batch.Id, Token)));

        Assert.Single(ended, true);
        await batch.AssertAllAnsweredAsync();
    }

    [Fact]
    public async Task Publish_LeaseLostMeanwhile_IsFencedAndLeavesNothing()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartFinalizingAsync();
        var slow = (await Claims.TakeAsync(batch.Id, Token))!;
        var composition = await Finalizer.ComposeAsync(slow, Token);

        fixture.Time.Advance(Lease);
        Assert.True(await Finalizer.RunAsync(batch.Id, Token));
        var ended = (await batch.Api.GetAsync(batch.Id)).GetRawText();
        await Assert.ThrowsAsync<FencedException>(() => Finalizer.PublishAsync(slow, composition, Token));

        Assert.Equal(ended, (await batch.Api.GetAsync(batch.Id)).GetRawText());
        await batch.AssertAllAnsweredAsync();
        await AssertGoneAsync(batch, slow);
    }

    [Fact]
    public async Task Compose_LeaseLostMeanwhile_StopsWithoutRenewing()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartFinalizingAsync();
        var slow = (await Claims.TakeAsync(batch.Id, Token))!;
        fixture.Time.Advance(Lease);
        var next = (await Claims.TakeAsync(batch.Id, Token))!;

        await Assert.ThrowsAsync<FencedException>(() => Finalizer.ComposeAsync(slow, Token));

        Assert.Equal(slow.FinalizerEpoch + 1, next.FinalizerEpoch);
        await Finalizer.PublishAsync(next, await Finalizer.ComposeAsync(next, Token), Token);
        await batch.AssertAllAnsweredAsync();
    }

    [Theory]
    [InlineData("claim")]
    [InlineData("compose")]
    [InlineData("files")]
    public async Task Run_DiesAfterAStep_TheNextEndsTheBatch(string last)
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartFinalizingAsync();
        var dead = (await Claims.TakeAsync(batch.Id, Token))!;
        if (last != "claim")
        {
            var composition = await Finalizer.ComposeAsync(dead, Token);
            if (last == "files")
                await composition.Output.CommitAsync(Token);
        }

        await fixture.MaintainAsync();
        await batch.AssertStatusAsync("finalizing");
        fixture.Time.Advance(Lease);
        await fixture.MaintainAsync();

        await batch.AssertAllAnsweredAsync();
        await fixture.MaintainAsync();
        await AssertGoneAsync(batch, dead);
    }

    [Fact]
    public async Task CleanUp_AfterTheEnd_LeavesNoSegmentsAndNothingActive()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartFinalizingAsync();

        await fixture.MaintainAsync();
        await fixture.MaintainAsync();

        await batch.AssertAllAnsweredAsync();
        Assert.Empty(await fixture.Batches.ListShardsAsync(batch.Id, Token));
        Assert.DoesNotContain(await fixture.Get<BatchIndex>().ListActiveAsync(Token), row => row.RowKey == batch.Id);
        await foreach (var segment in fixture.Storage.Segments.GetBlobsAsync(
            Azure.Storage.Blobs.Models.BlobTraits.None, Azure.Storage.Blobs.Models.BlobStates.None, batch.Id, Token))
        {
            Assert.Fail(segment.Name);
        }
    }

    private async Task AssertGoneAsync(BatchScenario batch, BatchRow dead)
    {
        foreach (var id in new[] { dead.OutputFileId!, dead.ErrorFileId! })
        {
            await batch.Api.SendAsync(HttpMethod.Get, $"/v1/files/{id}", expected: System.Net.HttpStatusCode.NotFound);
            Assert.False(await fixture.Storage.Files.GetBlobClient(id).ExistsAsync(Token));
        }
    }
}

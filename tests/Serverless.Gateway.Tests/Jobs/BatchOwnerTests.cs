using System.Net;
using Serverless.Contracts.Jobs;
using Serverless.Gateway.Batches;
using Serverless.Gateway.Batches.Running;

namespace Serverless.Gateway.Tests.Jobs;

/// <summary>What becomes of the batches of somebody who is no longer let in.</summary>
[Collection(JobsCollection.Name)]
public sealed class BatchOwnerTests(JobsFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Release_KeyThatWasRevoked_EndsTheBatchAndSaysWhy()
    {
        var key = await CreateKeyAsync();
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync();
        await batch.ChangeAsync(row => (row.Credential = key) == key);
        var (message, shard) = (await batch.Worker.ReceiveAsync(batch.Id))!.Value;
        await batch.Worker.WriteAsync(shard, shard.Lines);
        await RevokeAsync(key);

        await batch.Worker.ReportAsync(shard, BatchEventKind.Done);
        await batch.Worker.CompleteAsync(message);
        await fixture.PumpAsync();
        await batch.AssertStatusAsync("cancelling");
        fixture.Time.Advance(JobLimits.CancelGrace);
        await fixture.MaintainAsync();

        await batch.AssertSplitAsync("cancelled", ["id-0", "id-1"], "batch_cancelled");
        var error = (await batch.Api.GetAsync(batch.Id)).GetProperty("errors").GetProperty("data")[0];
        Assert.Equal("key_revoked", JobApi.Text(error, "code"));
        Assert.Equal($"The key '{key}', which created the batch, was revoked.", JobApi.Text(error, "message"));
    }

    [Fact]
    public async Task Objection_ToAKeyThatWasRotatedOrHasExpired_IsNone()
    {
        var key = await CreateKeyAsync();
        using var admin = new JobApi(fixture.CreateClient("olga"));
        await admin.SendAsync(HttpMethod.Post, $"/v1/admin/keys/{key}/rotate?overlap_seconds=0", expected: HttpStatusCode.Created);

        Assert.Null(await FindAsync(key));
    }

    [Theory]
    [InlineData("alice", "configuration", null)]
    [InlineData("bob/2", "configuration", null)]
    [InlineData("gone", "configuration", "The key of 'gone', which created the batch, is no longer in the configuration.")]
    [InlineData("gone", "entra", null)]
    [InlineData("gone", null, null)]
    [InlineData("gone", "key_000000000000000000000000", "The key 'key_000000000000000000000000', which created the batch, was revoked.")]
    public async Task Objection_ToWhoCannotBeFound_DependsOnWhatTheyShowed(string caller, string? credential, string? objection) =>
        Assert.Equal(objection, await FindAsync(credential, caller));

    [Fact]
    public async Task Create_ByAKey_NotesWhichOne()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.CreateAsync();

        Assert.Equal("configuration", (await fixture.Batches.FindAsync(batch.Id, Token))!.Credential);
        await fixture.PumpAsync();
    }

    private Task<string?> FindAsync(string? credential, string caller = "anybody") => fixture.Get<BatchOwner>().FindObjectionAsync(
        new BatchRow { PartitionKey = "batch_1", CallerName = caller, Credential = credential }, Token);

    private async Task<string> CreateKeyAsync()
    {
        using var admin = new JobApi(fixture.CreateClient("olga"));
        return JobApi.Text(await admin.SendAsync(HttpMethod.Post, "/v1/admin/keys", """{"tenant":"owner"}""", HttpStatusCode.Created), "id")!;
    }

    private async Task RevokeAsync(string key)
    {
        using var admin = new JobApi(fixture.CreateClient("olga"));
        await admin.SendAsync(HttpMethod.Delete, "/v1/admin/keys/" + key);
    }
}

using System.Net;
using System.Text;
using System.Text.Json;
using Azure;
using Serverless.Contracts.Jobs;
using Serverless.Gateway.Batches;

namespace Serverless.Gateway.Tests.Jobs;

/// <summary>How many batches of a tenant may be at work.</summary>
[Collection(JobsCollection.Name)]
public sealed class BatchSlotsTests(JobsFixture fixture)
{
    private const int Limit = 5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_From32Threads_CreatesExactlyTheLimit()
    {
        using var client = await CreateClientAsync("many-batches");
        using var api = new JobApi(fixture.CreateClient(client.DefaultRequestHeaders.GetValues("api-key").Single()));
        var file = (await api.UploadAsync(JobApi.Lines(1))).GetProperty("id").GetString()!;

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => CreateAsync(client, file))));

        Assert.Equal(Limit, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.Equal(32 - Limit, answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
        var refusal = answers.First(answer => answer.Status != HttpStatusCode.OK).Body.GetProperty("error").GetProperty("message").GetString();
        Assert.Contains("'many-batches' has 5 batches at work", refusal, StringComparison.Ordinal);

        // One place for each that ends, and no more.
        var created = answers.First(answer => answer.Status == HttpStatusCode.OK).Body.GetProperty("id").GetString()!;
        await api.CancelAsync(created);
        await fixture.PumpAsync();
        Assert.True((await fixture.Batches.FindAsync(created, Token))!.IsFinal);
        var next = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => CreateAsync(client, file))));
        Assert.Single(next, answer => answer.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Create_BatchesFromBeforeTheLimit_CountToo()
    {
        using var client = await CreateClientAsync("late-limit", limit: 0);
        using var api = new JobApi(fixture.CreateClient(client.DefaultRequestHeaders.GetValues("api-key").Single()));
        var file = (await api.UploadAsync(JobApi.Lines(1))).GetProperty("id").GetString()!;
        for (var i = 0; i < Limit - 2; i++)
            Assert.Equal(HttpStatusCode.OK, (await CreateAsync(client, file)).Status);
        await SetLimitAsync("late-limit", Limit);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => CreateAsync(client, file))));

        Assert.Equal(2, answers.Count(answer => answer.Status == HttpStatusCode.OK));
    }

    [Fact]
    public async Task Redrive_AtTheLimit_WaitsForAPlaceAndThenHoldsIt()
    {
        // A tenant of its own: what other tests leave at work would have the place.
        using var client = await CreateClientAsync("redriven-batches", limit: 1);
        var key = client.DefaultRequestHeaders.GetValues("api-key").Single();
        await using var failed = new BatchScenario(fixture, key);
        await failed.StartAsync();
        var (message, shard) = (await failed.Worker.ReceiveAsync(failed.Id))!.Value;
        await failed.Worker.WriteAsync(shard, 1);
        await failed.Worker.DeadLetterAsync(message, "InternalError", "broken disk");
        await fixture.MaintainAsync();
        await failed.Worker.RunAllAsync(failed.Id);
        await failed.AssertStatusAsync("completed");
        await using var other = new BatchScenario(fixture, key);
        await other.CreateAsync();

        await failed.Api.RedriveAsync(failed.Id, HttpStatusCode.TooManyRequests);
        await other.Api.CancelAsync(other.Id);
        await fixture.PumpAsync();
        await failed.Api.RedriveAsync(failed.Id);

        await failed.Api.SendAsync(
            HttpMethod.Post, "/v1/batches", $$"""{"input_file_id":"{{await FileOfAsync(failed)}}","endpoint":"{{JobApi.Endpoint}}","completion_window":"24h"}""",
            HttpStatusCode.TooManyRequests);
        await fixture.PumpAsync();
        await failed.Worker.RunAllAsync(failed.Id);
        await failed.AssertAllAnsweredAsync();
    }

    [Fact]
    public async Task Take_PlaceOfABatchThatWasNeverCreated_IsFreeAfterAWhile()
    {
        var slots = fixture.Get<BatchSlots>();
        await slots.TakeAsync(NewBatch(), 1, Token);
        await Assert.ThrowsAsync<Contracts.Errors.InferenceException>(() => slots.TakeAsync(NewBatch(), 1, Token));

        fixture.Time.Advance(TimeSpan.FromSeconds(61));

        await slots.TakeAsync(NewBatch(), 1, Token);
    }

    [Fact]
    public async Task Create_WithoutALimit_TakesNoPlace()
    {
        using var api = new JobApi(fixture.CreateClient());
        for (var i = 0; i < 3; i++)
            await api.CreateAsync(JobApi.Lines(1));

        Assert.Empty(await PlacesOf("alice").ToListAsync(Token));
        await fixture.PumpAsync();
    }

    private AsyncPageable<BatchSlotRow> PlacesOf(string tenant)
    {
        var key = TenantKey.Of(tenant);
        return fixture.Storage.SlotTable.QueryAsync<BatchSlotRow>(row => row.PartitionKey == key, cancellationToken: Token);
    }

    private BatchRow NewBatch() => new()
    {
        PartitionKey = fixture.Get<Gateway.Jobs.JobIds>().NewBatch(),
        Tenant = TenantKey.Of("cut-off-batches"),
        CallerName = "cut-off-batches",
    };

    private static async Task<string> FileOfAsync(BatchScenario batch) =>
        JobApi.Text(await batch.Api.GetAsync(batch.Id), "input_file_id")!;

    private async Task SetLimitAsync(string tenant, int limit)
    {
        using var admin = new JobApi(fixture.CreateClient("olga"));
        await admin.SendAsync(HttpMethod.Put, "/v1/admin/tenants/" + tenant, $$"""{"concurrent_batches":{{limit}}}""");
    }

    private async Task<HttpClient> CreateClientAsync(string tenant, int limit = Limit)
    {
        await SetLimitAsync(tenant, limit);
        using var admin = new JobApi(fixture.CreateClient("olga"));
        var made = await admin.SendAsync(HttpMethod.Post, "/v1/admin/keys", $$"""{"tenant":"{{tenant}}"}""", HttpStatusCode.Created);
        return fixture.CreateClient(made.GetProperty("key").GetString()!);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> CreateAsync(HttpClient client, string file)
    {
        using var body = new StringContent(
            $$"""{"input_file_id":"{{file}}","endpoint":"{{JobApi.Endpoint}}","completion_window":"24h"}""", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/v1/batches", body, Token);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(Token));
    }
}

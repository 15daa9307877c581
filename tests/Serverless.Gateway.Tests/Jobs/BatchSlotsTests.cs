using System.Net;
using System.Text;
using System.Text.Json;
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

        var places = fixture.Storage.SlotTable.QueryAsync<BatchSlotRow>(row => row.PartitionKey == TenantKey.Of("alice"), cancellationToken: Token);

        Assert.Empty(await places.ToListAsync(Token));
        await fixture.PumpAsync();
    }

    private BatchRow NewBatch() => new()
    {
        PartitionKey = fixture.Get<Gateway.Jobs.JobIds>().NewBatch(),
        Tenant = TenantKey.Of("cut-off-batches"),
        CallerName = "cut-off-batches",
    };

    private async Task<HttpClient> CreateClientAsync(string tenant)
    {
        using var admin = new JobApi(fixture.CreateClient("olga"));
        await admin.SendAsync(HttpMethod.Put, "/v1/admin/tenants/" + tenant, $$"""{"concurrent_batches":{{Limit}}}""");
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

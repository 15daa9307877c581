using System.Net;
using System.Text;
using System.Text.Json;

namespace Serverless.Gateway.Tests.Jobs;

[Collection(JobsCollection.Name)]
public sealed class FileTests(JobsFixture fixture)
{
    [Fact]
    public async Task Upload_File_HasTheDocumentedShapeAndContent()
    {
        using var client = fixture.CreateClient();
        using var api = new JobApi(fixture.CreateClient());
        var content = Encoding.UTF8.GetBytes(JobApi.Lines(20_000));

        var file = await api.UploadAsync(content, name: "my lines.jsonl");

        AssertShape(file);
        Assert.Equal((content.Length, "my lines.jsonl", "batch"), (file.GetProperty("bytes").GetInt32(), JobApi.Text(file, "filename"), JobApi.Text(file, "purpose")));
        Assert.Equal(30 * 86_400, file.GetProperty("expires_at").GetInt64() - file.GetProperty("created_at").GetInt64());
        Assert.Equal(content, await client.GetByteArrayAsync($"/v1/files/{JobApi.Text(file, "id")}/content", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task List_Pages_HoldEachFileOnceInBothOrders()
    {
        using var api = new JobApi(fixture.CreateClient("bob"));
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            fixture.Time.Advance(TimeSpan.FromMilliseconds(2));
            made.Add(JobApi.Text(await api.UploadAsync([1], "user_data", $"f{i}"), "id"));
        }

        Assert.Equal(made, await WalkAsync(api, "asc"));
        Assert.Equal(Enumerable.Reverse(made), await WalkAsync(api, "desc"));
        Assert.Empty((await api.SendAsync(HttpMethod.Get, "/v1/files?purpose=vision")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Get_FileOfAnotherKey_IsNotFound()
    {
        using var alice = new JobApi(fixture.CreateClient());
        using var bob = new JobApi(fixture.CreateClient("bob"));
        var id = JobApi.Text(await alice.UploadAsync(JobApi.Lines(1)), "id");

        foreach (var path in new[] { $"/v1/files/{id}", $"/v1/files/{id}/content" })
            await bob.SendAsync(HttpMethod.Get, path, expected: HttpStatusCode.NotFound);
        await bob.SendAsync(HttpMethod.Delete, $"/v1/files/{id}", expected: HttpStatusCode.NotFound);
        var create = $$"""{"input_file_id":"{{id}}","endpoint":"/v1/embeddings","completion_window":"24h"}""";
        await bob.SendAsync(HttpMethod.Post, "/v1/batches", create, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Delete_File_IsGone()
    {
        using var api = new JobApi(fixture.CreateClient());
        var id = JobApi.Text(await api.UploadAsync("x", "user_data", "x.txt"), "id");

        var deleted = await api.SendAsync(HttpMethod.Delete, $"/v1/files/{id}");

        Assert.Equal($$"""{"id":"{{id}}","object":"file","deleted":true}""", deleted.GetRawText());
        await api.SendAsync(HttpMethod.Get, $"/v1/files/{id}", expected: HttpStatusCode.NotFound);
        Assert.False(await fixture.Storage.Files.GetBlobClient(id).ExistsAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Delete_InputOfARunningBatch_IsRefused()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync();
        var input = JobApi.Text(await batch.Api.GetAsync(batch.Id), "input_file_id");

        await batch.Api.SendAsync(HttpMethod.Delete, $"/v1/files/{input}", expected: HttpStatusCode.Conflict);

        await batch.Worker.RunAllAsync(batch.Id);
        await batch.Api.SendAsync(HttpMethod.Delete, $"/v1/files/{input}");
    }

    [Fact]
    public async Task Upload_WithExpiry_IsDeletedWhenItsTimeIsOver()
    {
        using var api = new JobApi(fixture.CreateClient());
        var file = await api.UploadAsync(
            [1], "user_data", "x", HttpStatusCode.OK, ("expires_after[anchor]", "created_at"), ("expires_after[seconds]", "3600"));
        var id = JobApi.Text(file, "id");

        fixture.Time.Advance(TimeSpan.FromSeconds(3_601));

        await api.SendAsync(HttpMethod.Get, $"/v1/files/{id}", expected: HttpStatusCode.NotFound);
        await fixture.MaintainAsync();
        Assert.False(await fixture.Storage.Files.GetBlobClient(id).ExistsAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("nonsense", "x.jsonl", "purpose")]
    [InlineData("batch", "x.txt", "file")]
    public async Task Upload_Wrong_SaysWhatIsAllowedAndKeepsNothing(string purpose, string name, string param)
    {
        using var api = new JobApi(fixture.CreateClient());

        var answer = await api.UploadAsync([1], purpose, name, HttpStatusCode.BadRequest);

        Assert.Equal(param, JobApi.Text(answer.GetProperty("error"), "param"));
    }

    [Fact]
    public async Task Upload_BadExpiry_IsRefused()
    {
        using var api = new JobApi(fixture.CreateClient());

        await api.UploadAsync([1], "user_data", "x", HttpStatusCode.BadRequest, ("expires_after[seconds]", "5"));
    }

    [Fact]
    public async Task Request_NoFormOrMethod_IsRefused()
    {
        using var api = new JobApi(fixture.CreateClient());

        await api.SendAsync(HttpMethod.Post, "/v1/files", "{}", HttpStatusCode.UnsupportedMediaType);
        await api.SendAsync(HttpMethod.Put, "/v1/files", "{}", HttpStatusCode.MethodNotAllowed);
        await api.SendAsync(HttpMethod.Get, "/v1/files?limit=0", expected: HttpStatusCode.BadRequest);
        await api.SendAsync(HttpMethod.Get, "/v1/files?order=up", expected: HttpStatusCode.BadRequest);
        await api.SendAsync(HttpMethod.Get, "/v1/files/file-' or true", expected: HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Upload_LargerThanAFileMayBe_IsRefusedBeforeItIsSent()
    {
        using var client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromSeconds(60) });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(fixture.Url, "/v1/files")) { Content = new UnsentContent(514L << 20) };
        request.Headers.Add("api-key", "alice");
        request.Headers.ExpectContinue = true;

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("error");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("request_too_large", JobApi.Text(error, "code"));
        Assert.Contains("537919488 bytes", JobApi.Text(error, "message"), StringComparison.Ordinal);
    }

    private static async Task<List<string>> WalkAsync(JobApi api, string order)
    {
        var (found, after) = (new List<string>(), "");
        while (true)
        {
            var page = await api.SendAsync(HttpMethod.Get, $"/v1/files?purpose=user_data&limit=2&order={order}{after}");
            var ids = page.GetProperty("data").EnumerateArray().Select(file => JobApi.Text(file, "id")).ToList();
            Assert.Equal((ids[0], ids[^1]), (JobApi.Text(page, "first_id"), JobApi.Text(page, "last_id")));
            found.AddRange(ids);
            if (!page.GetProperty("has_more").GetBoolean())
                return found;
            after = $"&after={ids[^1]}";
        }
    }

    private static void AssertShape(JsonElement file)
    {
        foreach (var (name, kind) in new[]
        {
            ("id", JsonValueKind.String), ("object", JsonValueKind.String), ("bytes", JsonValueKind.Number), ("created_at", JsonValueKind.Number),
            ("filename", JsonValueKind.String), ("purpose", JsonValueKind.String), ("status", JsonValueKind.String),
        })
        {
            Assert.Equal(kind, file.GetProperty(name).ValueKind);
        }

        Assert.Equal("file", JobApi.Text(file, "object"));
    }
}

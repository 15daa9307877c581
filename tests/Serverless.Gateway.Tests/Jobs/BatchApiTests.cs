using System.Net;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Serverless.Contracts.Jobs;

namespace Serverless.Gateway.Tests.Jobs;

/// <summary>The batch object and the requests around it.</summary>
[Collection(JobsCollection.Name)]
public sealed class BatchApiTests(JobsFixture fixture)
{
    private static readonly string[] Times =
    [
        "in_progress_at", "expires_at", "finalizing_at", "completed_at", "failed_at", "expired_at", "cancelling_at", "cancelled_at",
    ];

    [Fact]
    public async Task Batch_FromCreationToCompletion_HasTheDocumentedShape()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.CreateAsync(more: ""","metadata":{"order":"17"}""");
        var created = await batch.Api.GetAsync(batch.Id);
        AssertShape(created, "validating", "expires_at");
        Assert.Equal("17", JobApi.Text(created.GetProperty("metadata"), "order"));
        Assert.Equal(86_400, created.GetProperty("expires_at").GetInt64() - created.GetProperty("created_at").GetInt64());

        await fixture.PumpAsync();
        AssertShape(await batch.Api.GetAsync(batch.Id), "in_progress", "expires_at", "in_progress_at");
        await batch.Worker.RunAllAsync(batch.Id);

        AssertShape(await batch.Api.GetAsync(batch.Id), "completed", "expires_at", "in_progress_at", "finalizing_at", "completed_at");
        var line = (await batch.Api.FileLinesAsync(batch.Id, "output_file_id"))[0];
        Assert.StartsWith("batch_req_", JobApi.Text(line, "id"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, line.GetProperty("error").ValueKind);
        Assert.Equal(200, line.GetProperty("response").GetProperty("status_code").GetInt32());
        Assert.Equal(JsonValueKind.String, line.GetProperty("response").GetProperty("request_id").ValueKind);
        Assert.Equal(JsonValueKind.Object, line.GetProperty("response").GetProperty("body").ValueKind);
        var output = await batch.Api.SendAsync(HttpMethod.Get, $"/v1/files/{JobApi.Text(await batch.Api.GetAsync(batch.Id), "output_file_id")}");
        Assert.Equal("batch_output", JobApi.Text(output, "purpose"));
    }

    [Fact]
    public async Task List_Pages_HoldEachBatchOnceNewestFirst()
    {
        using var api = new JobApi(fixture.CreateClient("bob"));
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            fixture.Time.Advance(TimeSpan.FromMilliseconds(2));
            made.Insert(0, await api.CreateAsync(""));
        }

        var (found, after) = (new List<string>(), "");
        while (true)
        {
            var page = await api.SendAsync(HttpMethod.Get, $"/v1/batches?limit=2{after}");
            found.AddRange(page.GetProperty("data").EnumerateArray().Select(batch => JobApi.Text(batch, "id")));
            if (!page.GetProperty("has_more").GetBoolean())
                break;
            after = "&after=" + JobApi.Text(page, "last_id");
        }

        Assert.Equal(made, found);
        using var alice = new JobApi(fixture.CreateClient());
        await alice.SendAsync(HttpMethod.Get, $"/v1/batches/{made[0]}", expected: HttpStatusCode.NotFound);
        await alice.CancelAsync(made[0], HttpStatusCode.NotFound);
        await fixture.PumpAsync();
    }

    [Theory]
    [InlineData("""{"endpoint":"/v1/embeddings","completion_window":"24h"}""", "input_file_id")]
    [InlineData("""{"input_file_id":"file-nobody","endpoint":"/v1/embeddings","completion_window":"24h"}""", "input_file_id")]
    [InlineData("""{"input_file_id":"x","endpoint":"/v1/images","completion_window":"24h"}""", "endpoint")]
    [InlineData("""{"input_file_id":"x","endpoint":"/v2/models/../infer","completion_window":"24h"}""", "endpoint")]
    [InlineData("""{"input_file_id":"x","endpoint":"/v1/embeddings"}""", "completion_window")]
    [InlineData("""{"input_file_id":"x","endpoint":"/v1/embeddings","completion_window":"999h"}""", "completion_window")]
    [InlineData("""{"input_file_id":"x","endpoint":"/v1/embeddings","completion_window":"24h","metadata":{"":"a"}}""", "metadata")]
    [InlineData("""{"input_file_id":"x","endpoint":"/v1/embeddings","completion_window":"24h","output_expires_after":{"anchor":"created_at","seconds":1}}""", "output_expires_after")]
    [InlineData("""{"input_file_id":"x","endpoint":"/v1/embeddings","completion_window":"24h","webhook_url":"ftp://a"}""", "webhook_url")]
    public async Task Create_WrongField_IsNamed(string body, string param)
    {
        using var api = new JobApi(fixture.CreateClient());

        var answer = await api.SendAsync(HttpMethod.Post, "/v1/batches", body, HttpStatusCode.BadRequest);

        Assert.Equal(param, JobApi.Text(answer.GetProperty("error"), "param"));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("null")]
    public async Task Create_NoObject_IsInvalid(string body)
    {
        using var api = new JobApi(fixture.CreateClient());

        await api.SendAsync(HttpMethod.Post, "/v1/batches", body, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Create_FromTheLake_ReadsTheBlobInPlace()
    {
        await using var batch = new BatchScenario(fixture);
        var lake = fixture.Get<BlobServiceClient>().GetBlobContainerClient("lake");
        await lake.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        await lake.UploadBlobAsync("in/day.jsonl", BinaryData.FromString(JobApi.Lines(3)), TestContext.Current.CancellationToken);
        var body = """{"input_file_id":"lake:in/day.jsonl","endpoint":"/v1/embeddings","completion_window":"24h"}""";
        var id = JobApi.Text(await batch.Api.SendAsync(HttpMethod.Post, "/v1/batches", body), "id");

        await fixture.PumpAsync();
        await batch.Worker.RunAllAsync(id);

        Assert.Equal(["id-0", "id-1", "id-2"], await batch.Api.OutputIdsAsync(id));
        await batch.Api.SendAsync(HttpMethod.Post, "/v1/batches", body.Replace("day", "night", StringComparison.Ordinal), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Create_FromALakeBlobLargerThanAnInputMayBe_IsRefused()
    {
        using var api = new JobApi(fixture.CreateClient());
        var lake = fixture.Get<BlobServiceClient>().GetBlobContainerClient("lake");
        await lake.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);

        // A page blob has its size without its bytes.
        await lake.GetPageBlobClient("in/large.jsonl").CreateAsync(JobLimits.MaxInputBytes + 512, cancellationToken: TestContext.Current.CancellationToken);
        var answer = await api.SendAsync(
            HttpMethod.Post, "/v1/batches", """{"input_file_id":"lake:in/large.jsonl","endpoint":"/v1/embeddings","completion_window":"24h"}""",
            HttpStatusCode.RequestEntityTooLarge);

        Assert.Equal(("request_too_large", "input_file_id"), (JobApi.Text(answer.GetProperty("error"), "code"), JobApi.Text(answer.GetProperty("error"), "param")));
        Assert.Contains("209715200 bytes", JobApi.Text(answer.GetProperty("error"), "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WithAnOutputPath_CopiesTheFilesThere()
    {
        await using var batch = new BatchScenario(fixture);
        var lake = fixture.Get<BlobServiceClient>().GetBlobContainerClient("lake");
        await lake.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        await batch.StartAsync(lines: 4, more: ",\"output_path\":\"lake:out/day/\"");
        Assert.Equal("pending", JobApi.Text(await batch.Api.GetAsync(batch.Id), "output_copy"));

        await batch.Worker.RunAllAsync(batch.Id);

        var ended = await batch.Api.GetAsync(batch.Id);
        Assert.Equal(("lake:out/day", "copied"), (JobApi.Text(ended, "output_path"), JobApi.Text(ended, "output_copy")));
        var copy = await lake.GetBlobClient($"out/day/{batch.Id}_output.jsonl").DownloadContentAsync(TestContext.Current.CancellationToken);
        var file = await fixture.Storage.Files.GetBlobClient(JobApi.Text(ended, "output_file_id")).DownloadContentAsync(TestContext.Current.CancellationToken);
        Assert.Equal(file.Value.Content.ToString(), copy.Value.Content.ToString());
    }

    [Theory]
    [InlineData("out")]
    [InlineData("lake:")]
    [InlineData("lake:/")]
    [InlineData("lake:a//b")]
    [InlineData("lake:../b")]
    [InlineData("lake:a/../../b")]
    [InlineData("lake:a\\\\b")]
    [InlineData("lake:a\\u0000b")]
    public async Task Create_OutputPathThatIsNoFolder_IsRefusedByName(string path)
    {
        using var api = new JobApi(fixture.CreateClient());
        var file = JobApi.Text(await api.UploadAsync(JobApi.Lines(1)), "id");

        var error = await api.SendAsync(
            HttpMethod.Post,
            "/v1/batches",
            $"{{\"input_file_id\":\"{file}\",\"endpoint\":\"/v1/embeddings\",\"completion_window\":\"24h\",\"output_path\":\"{path}\"}}",
            HttpStatusCode.BadRequest);

        Assert.Equal("output_path", JobApi.Text(error.GetProperty("error"), "param"));
    }

    [Fact]
    public async Task Validate_InputChangedAfterCreation_Fails()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.CreateAsync();
        var input = JobApi.Text(await batch.Api.GetAsync(batch.Id), "input_file_id");
        await fixture.Storage.Files.GetBlobClient(input).UploadAsync(BinaryData.FromString("other"), overwrite: true, TestContext.Current.CancellationToken);

        await fixture.PumpAsync();

        var error = (await batch.Api.GetAsync(batch.Id)).GetProperty("errors").GetProperty("data")[0];
        Assert.Equal("input_changed", JobApi.Text(error, "code"));
    }

    private static void AssertShape(JsonElement batch, string status, params string[] times)
    {
        Assert.Equal((status, "batch", "/v1/embeddings", "24h"), (
            JobApi.Text(batch, "status"), JobApi.Text(batch, "object"), JobApi.Text(batch, "endpoint"), JobApi.Text(batch, "completion_window")));
        Assert.Equal(JsonValueKind.Number, batch.GetProperty("created_at").ValueKind);
        foreach (var time in Times)
            Assert.Equal(times.Contains(time) ? JsonValueKind.Number : JsonValueKind.Null, batch.GetProperty(time).ValueKind);
        foreach (var count in new[] { "total", "completed", "failed" })
            Assert.Equal(JsonValueKind.Number, batch.GetProperty("request_counts").GetProperty(count).ValueKind);
        Assert.True(batch.TryGetProperty("errors", out _) && batch.TryGetProperty("output_file_id", out _) && batch.TryGetProperty("error_file_id", out _));
    }
}

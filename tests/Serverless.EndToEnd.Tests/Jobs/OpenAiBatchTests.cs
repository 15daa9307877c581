using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Batch;
using OpenAI.Files;
using Serverless.Models.Publishing;
using Serverless.TestKit.Onnx;

namespace Serverless.EndToEnd.Tests.Jobs;

/// <summary>The official OpenAI client for files and batches, unmodified, through Functions host, gateway, queues and worker.</summary>
[Collection(PlatformCollection.Name)]
public sealed class OpenAiBatchTests(PlatformFixture fixture)
{
    private const int Lines = 200;

    // A minute of work: a cancellation comes before the end.
    private const int ManyLines = 3_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static RequestOptions Call => new() { CancellationToken = Token };

    private ApiKeyCredential Credential => new(fixture.Platform.Options.ApiKey);

    private Uri Endpoint => new(fixture.Platform.ApiUrl, "/v1");

    private OpenAIFileClient Files => new(Credential, new OpenAIClientOptions { Endpoint = Endpoint });

    private BatchClient Batches => new(Credential, new BatchClientOptions { Endpoint = Endpoint });

    [Fact]
    public async Task Batch_FromUploadToDeletion_AnswersEveryLineInDocumentedShapes()
    {
        var input = await Files.UploadFileAsync(new MemoryStream(Requests.ToSmall(Lines)), "in.jsonl", FileUploadPurpose.Batch, Token);
        DocumentedShape.IsFile(Json(input));
        var operation = await CreateAsync(input.Value.Id);
        DocumentedShape.IsBatch(Json(await operation.GetBatchAsync(Call)));

        var batch = await WaitAsync(operation, "completed");

        Assert.Equal(Lines, batch.GetProperty("request_counts").GetProperty("completed").GetInt32());
        Assert.Equal("value", batch.GetProperty("metadata").GetProperty("key").GetString());
        Assert.Equal(86_400, batch.GetProperty("expires_at").GetInt64() - batch.GetProperty("created_at").GetInt64());
        var output = batch.GetProperty("output_file_id").GetString()!;
        var answers = await ReadAsync(output);
        Assert.Equal(Enumerable.Range(0, Lines).Select(Requests.IdOf), answers.Select(line => line.GetProperty("custom_id").GetString()));
        Assert.Equal(Enumerable.Range(0, Lines).Select(line => 2f * line), answers.Select(FirstNumber));
        await ListsHoldAsync(input.Value.Id, output, operation.BatchId);
        DocumentedShape.IsDeletion(Json(await Files.DeleteFileAsync(input.Value.Id, Token)), input.Value.Id);
        var gone = await Assert.ThrowsAsync<ClientResultException>(() => Files.GetFileAsync(input.Value.Id, Token));
        Assert.Equal(404, gone.Status);
    }

    [Fact]
    public async Task Batch_CancelledWhileItRuns_IsCancelledWithinTenSecondsAndKeepsWhatIsFinished()
    {
        const string Model = "cancelled";
        await TestModels.PushAsync(new ModelPublisher(fixture.Store), Model, OnnxGraphs.Slow());
        var input = await Files.UploadFileAsync(new MemoryStream(Requests.ToSlow(Model, ManyLines)), "in.jsonl", FileUploadPurpose.Batch, Token);
        var operation = await CreateAsync(input.Value.Id, $"/v2/models/{Model}/infer");
        await Wait.ForAsync(
            async () => Count(Json(await operation.GetBatchAsync(Call)), "completed") > 0 ? new object() : null, "The first finished lines");

        var cancelling = Json(await operation.CancelAsync(Call));
        DocumentedShape.IsBatch(cancelling);
        Assert.Equal("cancelling", cancelling.GetProperty("status").GetString());
        var batch = await WaitAsync(operation, "cancelled");

        Assert.InRange(batch.GetProperty("cancelled_at").GetInt64() - batch.GetProperty("cancelling_at").GetInt64(), 0, 10);
        var finished = await ReadAsync(batch.GetProperty("output_file_id").GetString()!);
        var others = await ReadAsync(batch.GetProperty("error_file_id").GetString()!);
        Assert.Equal((finished.Count, others.Count), (Count(batch, "completed"), Count(batch, "failed")));
        Assert.InRange(finished.Count, 1, ManyLines - 1);
        Assert.Equal(Enumerable.Range(0, ManyLines).Select(Requests.IdOf), finished.Concat(others).Select(Id).OrderBy(Requests.LineOf));
        Assert.Equal(finished.Select(Id).OrderBy(Requests.LineOf), finished.Select(Id));
        Assert.All(finished, line => Assert.Equal(Requests.LineOf(Id(line)) + Requests.SlowCount, FirstNumber(line)));
        Assert.All(others, line => Assert.Equal("batch_cancelled", line.GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Batch_CompletionsOfWhichSomeAreRefused_WritesBothInDocumentedShapes()
    {
        const string Completions = "/v1/completions";
        var lines = string.Concat(Enumerable.Range(0, 6).Select(line => JsonSerializer.Serialize(new
        {
            custom_id = Requests.IdOf(line),
            method = "POST",
            url = Completions,
            body = new { model = TestModels.Decoder, prompt = "abc", max_tokens = line % 3 == 2 ? -1 : 4 },
        }) + "\n"));
        var input = await Files.UploadFileAsync(new MemoryStream(Encoding.UTF8.GetBytes(lines)), "in.jsonl", FileUploadPurpose.Batch, Token);

        var batch = await WaitAsync(await CreateAsync(input.Value.Id, Completions), "completed");

        var answers = await ReadAsync(batch.GetProperty("output_file_id").GetString()!);
        var errors = await ReadAsync(batch.GetProperty("error_file_id").GetString()!);
        Assert.Equal(["line-0", "line-1", "line-3", "line-4"], answers.Select(Id));
        Assert.Equal(["line-2", "line-5"], errors.Select(Id));
        Assert.All(answers, line => Assert.Equal("text_completion", Body(line).GetProperty("object").GetString()));
        Assert.All(errors, line => Assert.Equal(400, line.GetProperty("response").GetProperty("status_code").GetInt32()));
        Assert.All(errors, line => DocumentedShape.IsError(Body(line)));
        Assert.InRange(batch.GetProperty("usage").GetProperty("output_tokens").GetInt32(), 1, 16);
    }

    [Theory]
    [InlineData("GET", "/v1/files/file-nothing", null, 404)]
    [InlineData("GET", "/v1/files/file-nothing/content", null, 404)]
    [InlineData("DELETE", "/v1/files/file-nothing", null, 404)]
    [InlineData("GET", "/v1/files?limit=0", null, 400)]
    [InlineData("POST", "/v1/files", "{}", 415)]
    [InlineData("PUT", "/v1/files", "{}", 405)]
    [InlineData("GET", "/v1/batches/batch_nothing", null, 404)]
    [InlineData("POST", "/v1/batches/batch_nothing/cancel", null, 404)]
    [InlineData("GET", "/v1/batches?limit=101", null, 400)]
    [InlineData("POST", "/v1/batches", "no JSON", 400)]
    [InlineData("POST", "/v1/batches", """{"endpoint":"/v1/embeddings","completion_window":"24h"}""", 400)]
    [InlineData("DELETE", "/v1/batches", null, 405)]
    public async Task Request_ThatIsRefused_HasTheDocumentedError(string method, string path, string? body, int status)
    {
        using var client = fixture.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        using var answer = await client.SendAsync(request, Token);

        Assert.Equal(status, (int)answer.StatusCode);
        DocumentedShape.IsError(JsonElement.Parse(await answer.Content.ReadAsStringAsync(Token)));
    }

    [Fact]
    public async Task Batch_LineThatIsNoRequest_FailsWithTheLine()
    {
        byte[] lines = [.. Requests.ToSmall(1), .. "no JSON\n"u8];
        var input = await Files.UploadFileAsync(new MemoryStream(lines), "in.jsonl", FileUploadPurpose.Batch, Token);

        var batch = await WaitAsync(await CreateAsync(input.Value.Id), "failed");

        DocumentedShape.AreErrors(batch.GetProperty("errors"));
        var error = Assert.Single(batch.GetProperty("errors").GetProperty("data").EnumerateArray());
        Assert.Equal(("invalid_json_line", 2), (error.GetProperty("code").GetString(), error.GetProperty("line").GetInt32()));
    }

    private Task<CreateBatchOperation> CreateAsync(string file, string endpoint = Requests.Endpoint) => Batches.CreateBatchAsync(
        BinaryContent.Create(BinaryData.FromObjectAsJson(new
        {
            input_file_id = file,
            endpoint,
            completion_window = "24h",
            metadata = new { key = "value" },
        })),
        waitUntilCompleted: false,
        Call);

    private static async Task<JsonElement> WaitAsync(CreateBatchOperation operation, string status)
    {
        var ended = await Wait.ForAsync<object>(
            async () =>
            {
                var batch = Json(await operation.GetBatchAsync(Call));
                DocumentedShape.IsBatch(batch);
                return batch.GetProperty("status").GetString() is "completed" or "failed" or "expired" or "cancelled" ? batch : null;
            },
            $"The batch's end as {status}");
        var found = (JsonElement)ended;
        Assert.Equal(status, found.GetProperty("status").GetString());
        return found;
    }

    private async Task<List<JsonElement>> ReadAsync(string file)
    {
        var content = Encoding.UTF8.GetString((await Files.DownloadFileAsync(file, Token)).Value);
        List<JsonElement> lines = [.. content.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
        lines.ForEach(DocumentedShape.IsAnswerLine);
        return lines;
    }

    private static string Id(JsonElement line) => line.GetProperty("custom_id").GetString()!;

    private static JsonElement Body(JsonElement line) => line.GetProperty("response").GetProperty("body");

    private static float FirstNumber(JsonElement line) => Body(line).GetProperty("outputs")[0].GetProperty("data")[0].GetSingle();

    private static int Count(JsonElement batch, string which) => batch.GetProperty("request_counts").GetProperty(which).GetInt32();

    private async Task ListsHoldAsync(string input, string output, string batch)
    {
        var files = Json(await Files.GetFilesAsync(purpose: null, Call));
        DocumentedShape.IsList(files, DocumentedShape.IsFile);
        Assert.Contains(files.GetProperty("data").EnumerateArray(), file => file.GetProperty("id").GetString() == input);
        Assert.Contains((await Files.GetFilesAsync(FilePurpose.BatchOutput, Token)).Value, file => file.Id == output);

        // With pages of one entry the client has to follow 'has_more' and 'last_id'.
        var found = false;
        await foreach (var page in Batches.GetBatchesAsync(after: null, limit: 1, Call).GetRawPagesAsync())
        {
            DocumentedShape.IsList(Json(page), DocumentedShape.IsBatch);
            found |= Json(page).GetProperty("data").EnumerateArray().Any(entry => entry.GetProperty("id").GetString() == batch);
            if (found)
                break;
        }

        Assert.True(found, "The list of batches does not hold the batch.");
    }

    private static JsonElement Json(ClientResult result) => JsonElement.Parse(result.GetRawResponse().Content);
}

using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Batch;
using OpenAI.Files;

namespace Serverless.EndToEnd.Tests.Jobs;

/// <summary>The official OpenAI client for files and batches, unmodified, through Functions host, gateway, queues and worker.</summary>
[Collection(PlatformCollection.Name)]
public sealed class OpenAiBatchTests(PlatformFixture fixture)
{
    private const int Lines = 200;

    // Enough that a cancellation comes before the end.
    private const int ManyLines = 20_000;

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
    public async Task Batch_Cancelled_IsCancelledWithinTenSeconds()
    {
        var input = await Files.UploadFileAsync(new MemoryStream(Requests.ToSmall(ManyLines)), "in.jsonl", FileUploadPurpose.Batch, Token);
        var operation = await CreateAsync(input.Value.Id);

        var cancelling = Json(await operation.CancelAsync(Call));
        DocumentedShape.IsBatch(cancelling);
        Assert.Equal("cancelling", cancelling.GetProperty("status").GetString());
        var batch = await WaitAsync(operation, "cancelled");

        Assert.InRange(batch.GetProperty("cancelled_at").GetInt64() - batch.GetProperty("cancelling_at").GetInt64(), 0, 10);
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

    private Task<CreateBatchOperation> CreateAsync(string file) => Batches.CreateBatchAsync(
        BinaryContent.Create(BinaryData.FromObjectAsJson(new
        {
            input_file_id = file,
            endpoint = Requests.Endpoint,
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

    private static float FirstNumber(JsonElement line) =>
        line.GetProperty("response").GetProperty("body").GetProperty("outputs")[0].GetProperty("data")[0].GetSingle();

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

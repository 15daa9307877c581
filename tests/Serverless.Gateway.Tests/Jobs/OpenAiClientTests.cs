using System.ClientModel;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Batch;
using OpenAI.Files;

namespace Serverless.Gateway.Tests.Jobs;

/// <summary>The official client, unmodified, through a whole batch.</summary>
[Collection(JobsCollection.Name)]
public sealed class OpenAiClientTests(JobsFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Uri Endpoint => new(fixture.Url, "/v1");

    [Fact]
    public async Task Client_FilesAndBatches_WorkFromUploadToDownload()
    {
        await using var worker = new StorageWorker(fixture);
        var files = new OpenAIFileClient(new ApiKeyCredential("alice"), new OpenAIClientOptions { Endpoint = Endpoint });
        var batches = new BatchClient(new ApiKeyCredential("alice"), new BatchClientOptions { Endpoint = Endpoint });
        OpenAIFile input = await files.UploadFileAsync(new MemoryStream(Encoding.UTF8.GetBytes(JobApi.Lines(3))), "in.jsonl", FileUploadPurpose.Batch, Token);
        Assert.Equal(("in.jsonl", FilePurpose.Batch), (input.Filename, input.Purpose));

        var request = BinaryContent.Create(BinaryData.FromObjectAsJson(new { input_file_id = input.Id, endpoint = JobApi.Endpoint, completion_window = "24h" }));
        var operation = await batches.CreateBatchAsync(request, waitUntilCompleted: false);
        await fixture.PumpAsync();
        await worker.RunAllAsync(operation.BatchId);
        var batch = await ReadAsync(await operation.GetBatchAsync(options: null));

        Assert.Equal("completed", JobApi.Text(batch, "status"));
        var output = (await files.DownloadFileAsync(JobApi.Text(batch, "output_file_id"), Token)).Value.ToString();
        Assert.Equal(3, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains((await files.GetFilesAsync(FilePurpose.Batch, Token)).Value, file => file.Id == input.Id);
        Assert.Equal(input.Id, (await files.GetFileAsync(input.Id, Token)).Value.Id);
        Assert.True((await files.DeleteFileAsync(input.Id, Token)).Value.Deleted);
    }

    [Fact]
    public async Task Client_Cancel_CancelsTheBatch()
    {
        var batches = new BatchClient(new ApiKeyCredential("alice"), new BatchClientOptions { Endpoint = Endpoint });
        using var api = new JobApi(fixture.CreateClient());
        var file = JobApi.Text(await api.UploadAsync(JobApi.Lines(3)), "id");
        var request = BinaryContent.Create(BinaryData.FromObjectAsJson(new { input_file_id = file, endpoint = JobApi.Endpoint, completion_window = "24h" }));
        var operation = await batches.CreateBatchAsync(request, waitUntilCompleted: false);

        await operation.CancelAsync(options: null);
        await fixture.PumpAsync();

        Assert.Equal("cancelled", JobApi.Text(await ReadAsync(await operation.GetBatchAsync(options: null)), "status"));
    }

    private static Task<JsonElement> ReadAsync(ClientResult result) => Task.FromResult(JsonElement.Parse(result.GetRawResponse().Content));
}

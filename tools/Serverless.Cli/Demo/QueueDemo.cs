using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Serverless.Cli.Inference;
using Serverless.Contracts.Queues;
using Serverless.Contracts.Storage;
using Serverless.Topology.Platform;

namespace Serverless.Cli.Demo;

/// <summary>The same as a queue message, whose answer is a blob.</summary>
internal static class QueueDemo
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(DemoLog log, LocalPlatform platform, CancellationToken cancellationToken)
    {
        var id = $"demo-{Guid.NewGuid():N}";
        var answer = await log.StepAsync(
            "The same as a message in the storage queue",
            () => AskAsync(platform.StorageConnectionString, id, cancellationToken),
            _ => $"answer in blob {BlobContainers.Results}/{id}.json");
        log.CheckCosines("queue message", Embeddings.Read(answer));
    }

    private static async Task<JsonElement> AskAsync(string storage, string id, CancellationToken cancellationToken)
    {
        var queue = new QueueClient(
            storage, QueueNames.InferenceRequests, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var request = new { model = DemoSentences.Model, input = DemoSentences.Texts };
        await queue.SendMessageAsync(
            BinaryData.FromObjectAsJson(new { id, model = DemoSentences.Model, endpoint = "/v1/embeddings", request }),
            cancellationToken: cancellationToken);

        var blob = new BlobContainerClient(storage, BlobContainers.Results).GetBlobClient(id + ".json");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        while (!await blob.ExistsAsync(limit.Token))
            await Task.Delay(50, limit.Token);
        var content = await blob.DownloadContentAsync(cancellationToken);
        using var result = JsonDocument.Parse(content.Value.Content);
        return result.RootElement.TryGetProperty("response", out var response)
            ? response.Clone()
            : throw new Api.ApiException(result.RootElement.GetProperty("status").GetInt32(), result.RootElement.GetProperty("error").GetRawText());
    }
}

using System.Text.Json;
using Azure.Storage.Blobs;
using Serverless.Contracts.Queues;
using Serverless.Contracts.Storage;
using Serverless.Gateway.Telemetry;
using Serverless.Telemetry;

namespace Serverless.Gateway.Queues;

/// <summary>Takes messages of <see cref="QueueNames.InferenceRequests"/> on to Service Bus, where the workers take them.</summary>
internal sealed class QueuedRequestHandler(InferenceQueue queue, BlobServiceClient storage, GatewayMetrics metrics)
{
    private readonly BlobContainerClient _results = storage.GetBlobContainerClient(BlobContainers.Results);

    /// <summary>Handles a message; returning takes it off the queue, throwing leaves it for another delivery.</summary>
    /// <exception cref="FormatException">There is no id, hence no place for an answer: it belongs into the poison queue.</exception>
    public async Task HandleAsync(string text, CancellationToken cancellationToken)
    {
        var (id, message) = Read(text);
        using var activity = QueueTracing.StartProcess(QueueNames.InferenceRequests, message.TraceParent);
        if (await _results.GetBlobClient(id + ".json").ExistsAsync(cancellationToken))
        {
            metrics.AddQueued("duplicate");
            return;
        }

        // Whatever else is wrong with it is the worker's to say, in the answer.
        await queue.SendAsync(id, JsonSerializer.SerializeToUtf8Bytes(message, QueueJson.Default.InferenceMessage), null, null, cancellationToken);
        metrics.AddQueued("sent");
    }

    private (string Id, InferenceMessage Message) Read(string text)
    {
        try
        {
            return QueuedRequest.Read(text);
        }
        catch (FormatException)
        {
            metrics.AddQueued("invalid");
            throw;
        }
    }
}

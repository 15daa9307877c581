using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Contracts.Storage;

namespace Serverless.Gateway.Queues;

/// <summary>The answers to queued requests, each written once.</summary>
internal sealed class ResultStore(BlobServiceClient storage)
{
    private readonly BlobContainerClient _results = storage.GetBlobContainerClient(BlobContainers.Results);

    public async Task<bool> IsAnsweredAsync(string id, CancellationToken cancellationToken) =>
        await BlobOf(id).ExistsAsync(cancellationToken);

    /// <summary>Writes the answer in one conditional Put Blob, so that a message delivered twice keeps its first answer.</summary>
    public async Task WriteAsync(string id, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken)
    {
        try
        {
            await PutAsync(id, answer, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await _results.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await PutAsync(id, answer, cancellationToken);
        }
    }

    private async Task PutAsync(string id, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions
        {
            Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },

            // One request whatever the size: staged blocks would not be atomic. 256 MiB is QueueWorkerClient's limit for an answer.
            TransferOptions = new Azure.Storage.StorageTransferOptions { InitialTransferSize = 512 << 20 },
        };
        try
        {
            await BlobOf(id).UploadAsync(new BinaryData(answer), options, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            // Answered by an earlier delivery of the same message.
        }
    }

    private BlobClient BlobOf(string id) => _results.GetBlobClient(id + ".json");
}

using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Contracts.Storage;

namespace Serverless.Worker.Jobs;

/// <summary>The answers to single requests, each written once.</summary>
internal sealed class ResultStore(JobStorage storage)
{
    // One request whatever the size: staged blocks would not be atomic.
    private const long LargestPut = 512L << 20;

    private readonly BlobContainerClient _results = storage.Blobs.GetBlobContainerClient(BlobContainers.Results);

    public async Task<bool> IsAnsweredAsync(string id, CancellationToken cancellationToken) =>
        await BlobOf(id).ExistsAsync(cancellationToken);

    /// <summary>Writes the answer in one conditional Put Blob; false when there is one already.</summary>
    public async Task<bool> TryWriteAsync(string id, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions
        {
            Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
            TransferOptions = new StorageTransferOptions { InitialTransferSize = LargestPut },
        };
        try
        {
            await PutAsync(id, answer, options, cancellationToken);
            return true;
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobAlreadyExists || error.Status == 412)
        {
            return false;
        }
    }

    private async Task PutAsync(string id, ReadOnlyMemory<byte> answer, BlobUploadOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await BlobOf(id).UploadAsync(new BinaryData(answer), options, cancellationToken);
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await _results.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await BlobOf(id).UploadAsync(new BinaryData(answer), options, cancellationToken);
        }
    }

    private BlobClient BlobOf(string id) => _results.GetBlobClient(id + ".json");
}

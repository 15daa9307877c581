using Azure;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Storage;
using Serverless.Worker.Configuration;

namespace Serverless.Worker.Jobs;

/// <summary>Bodies that were too large for their messages (claim checks).</summary>
internal sealed class RequestBodies(JobStorage storage, IOptions<WorkerOptions> options)
{
    private readonly BlobContainerClient _inputs = storage.Blobs.GetBlobContainerClient(BlobContainers.Inputs);

    /// <exception cref="InferenceException">There is no such blob, or it is too large.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(string blob, CancellationToken cancellationToken)
    {
        try
        {
            var client = _inputs.GetBlobClient(blob);
            var length = (await client.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ContentLength;
            if (length > options.Value.MaxBodyBytes)
            {
                throw new InferenceException(
                    ErrorKind.PayloadTooLarge, $"Blob '{blob}' has {length} bytes; the limit is {options.Value.MaxBodyBytes}.", "blob");
            }

            return (await client.DownloadContentAsync(cancellationToken)).Value.Content.ToMemory();
        }
        catch (RequestFailedException error) when (error.Status is 400 or 404)
        {
            throw new InferenceException(
                ErrorKind.InvalidRequest, $"There is no blob '{blob}' in the container '{BlobContainers.Inputs}'.", "blob", error);
        }
    }
}

using Azure;
using Azure.Storage.Blobs.Models;
using Serverless.Contracts.Jobs;

namespace Serverless.Worker.Jobs;

/// <summary>Opens the part of a batch's input that a shard is about.</summary>
internal static class ShardInput
{
    /// <summary>The bytes from <paramref name="offset"/> to the shard's end, as they come.</summary>
    /// <exception cref="ShardFailedException">The input is gone, or is another one than was validated.</exception>
    public static async Task<Stream> OpenAsync(JobStorage storage, ShardMessage message, long offset, CancellationToken cancellationToken)
    {
        var blob = storage.Blobs.GetBlobContainerClient(message.Container).GetBlobClient(message.Blob);
        var options = new BlobDownloadOptions
        {
            Range = new HttpRange(offset, message.Offset + message.Length - offset),
            Conditions = new BlobRequestConditions { IfMatch = new ETag(message.ETag) },
        };
        try
        {
            return (await blob.DownloadStreamingAsync(options, cancellationToken)).Value.Content;
        }
        catch (RequestFailedException error) when (error.Status is 404 or 412 or 416)
        {
            throw ShardFailedException.InputChanged(
                $"The input {message.Container}/{message.Blob} is gone or was changed after the batch was created.");
        }
    }
}

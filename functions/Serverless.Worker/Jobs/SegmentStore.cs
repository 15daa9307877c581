using Azure;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Serverless.Contracts.Jobs;

namespace Serverless.Worker.Jobs;

/// <summary>Reads the chain of a shard's segments, and writes at its end.</summary>
internal sealed class SegmentStore(JobStorage storage, JobMetrics metrics)
{
    // Below this the client sends one Put Blob, which is the whole point; the service takes 5,000 MiB.
    private const long LargestPut = 256L << 20;

    /// <summary>What is sealed of the shard.</summary>
    public async Task<SegmentChain> FollowAsync(ShardMessage message, CancellationToken cancellationToken)
    {
        var segments = new List<SegmentInfo>();
        try
        {
            var prefix = JobBlobs.PrefixOf(message.Batch, message.Shard);
            await foreach (var blob in storage.Segments.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, prefix, cancellationToken))
                segments.Add(SegmentInfo.FromMetadata(blob.Metadata));
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
        }

        return SegmentChain.Follow(segments, message.First, message.Offset);
    }

    /// <summary>Seals a segment; false when somebody else already sealed from its first request on.</summary>
    public async Task<bool> TryWriteAsync(
        ShardMessage message, SegmentInfo info, Stream content, CancellationToken cancellationToken)
    {
        var blob = storage.Segments.GetBlockBlobClient(JobBlobs.Segment(message.Batch, message.Shard, info.First));
        var options = new BlobUploadOptions
        {
            Metadata = info.ToMetadata(),
            Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
            TransferOptions = new StorageTransferOptions { InitialTransferSize = LargestPut },
        };
        try
        {
            await UploadAsync(blob, content, options, cancellationToken);
            metrics.Sealed(info.Completed, info.Failed);
            return true;
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobAlreadyExists || error.Status == 412)
        {
            metrics.SegmentLost();
            return false;
        }
    }

    private async Task UploadAsync(BlockBlobClient blob, Stream content, BlobUploadOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await blob.UploadAsync(content, options, cancellationToken);
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await storage.Segments.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            content.Position = 0;
            await blob.UploadAsync(content, options, cancellationToken);
        }
    }
}

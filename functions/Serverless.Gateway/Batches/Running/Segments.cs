using Azure.Storage.Blobs.Models;
using Serverless.Contracts.Jobs;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches.Running;

/// <summary>What workers sealed.</summary>
internal sealed class Segments(JobStorage storage)
{
    /// <summary>The chain of a shard as it is now.</summary>
    public async Task<SegmentChain> FollowAsync(ShardRow shard, CancellationToken cancellationToken)
    {
        var found = new List<SegmentInfo>();
        var prefix = JobBlobs.PrefixOf(shard.PartitionKey, shard.Number);
        await foreach (var blob in storage.Segments.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, prefix, cancellationToken))
            found.Add(SegmentInfo.FromMetadata(blob.Metadata));
        return SegmentChain.Follow(found, shard.First, shard.Offset);
    }

    public async Task DeleteAsync(string batch, CancellationToken cancellationToken)
    {
        await foreach (var blob in storage.Segments.GetBlobsAsync(BlobTraits.None, BlobStates.None, JobBlobs.PrefixOf(batch), cancellationToken))
            await storage.Segments.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: cancellationToken);
    }
}

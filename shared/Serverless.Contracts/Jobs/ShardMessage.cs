namespace Serverless.Contracts.Jobs;

/// <summary>
/// A claim check for one shard, in the Service Bus queue <see cref="Queues.ServiceBusQueues.Shards"/>; JSON, see <see cref="JobJson"/>.
/// It holds all that a worker needs to read the lines; the shard's row says whether it still may.
/// </summary>
/// <param name="Batch">The batch's id.</param>
/// <param name="Shard">The shard's number, from 0.</param>
/// <param name="Epoch">The epoch it was sent in, from 1.</param>
/// <param name="Endpoint">The batch's endpoint, which is every line's <c>url</c>.</param>
/// <param name="Model">The model that every line names, as <c>name</c>, <c>name:version</c> or <c>name:alias</c>.</param>
/// <param name="Container">Container of the input blob.</param>
/// <param name="Blob">Name of the input blob.</param>
/// <param name="ETag">The input's ETag when the batch was created; reads are conditional on it.</param>
/// <param name="Offset">Where the shard's first line begins, in bytes.</param>
/// <param name="Length">Bytes of its lines with their ends.</param>
/// <param name="First">Number of the shard's first request in the batch, from 0; empty lines are not counted.</param>
/// <param name="Lines">Requests in it.</param>
/// <param name="ExpiresAt">When the batch's window closes.</param>
/// <param name="Tenant">On whose behalf it runs, as in <see cref="Http.InferenceHeaders.Tenant"/>; null for nobody in particular.</param>
public sealed record ShardMessage(
    string Batch,
    int Shard,
    int Epoch,
    string Endpoint,
    string Model,
    string Container,
    string Blob,
    string ETag,
    long Offset,
    long Length,
    int First,
    int Lines,
    DateTimeOffset ExpiresAt,
    string? Tenant = null)
{
    /// <summary>
    /// The message's id: one for each shard and epoch, so that duplicate detection drops what is sent twice and never a re-drive.
    /// </summary>
    public string MessageId => FormattableString.Invariant($"{Batch}/{Shard}/{Epoch}");
}

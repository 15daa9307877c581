namespace Serverless.Contracts.Jobs;

/// <summary>
/// Tables of jobs. A batch and its shards share a partition of <see cref="Batches"/>; a worker reads there, and writes one column only
/// (<see cref="ShardEpoch"/>, conditional on the row's ETag).
/// </summary>
public static class JobTables
{
    /// <summary>Partition: a batch's id. Rows: <see cref="BatchRow"/> and one per shard, <see cref="ShardRow"/>.</summary>
    public const string Batches = "batches";

    /// <summary>Partitions: <see cref="ActivePartition"/>, and one per tenant for lists. Rows: batch ids.</summary>
    public const string BatchIndex = "batchindex";

    /// <summary>Partition: a tenant. Rows: the places of batches that may be at work at a time.</summary>
    public const string BatchSlots = "batchslots";

    /// <summary>Partition: a tenant. Rows: file ids.</summary>
    public const string Files = "files";

    /// <summary>Partition: <c>rates</c>. Rows: endpoint and model; seconds per unit of work, as measured.</summary>
    public const string WorkRates = "workrates";

    /// <summary>Row key of the batch itself.</summary>
    public const string BatchRow = "batch";

    /// <summary>Partition of <see cref="BatchIndex"/> that lists the batches in which something may still be due.</summary>
    public const string ActivePartition = "active";

    /// <summary>Column of <see cref="BatchRow"/>: a name of <see cref="BatchStatuses"/>.</summary>
    public const string BatchStatus = "Status";

    /// <summary>Column of a shard's row: a name of <see cref="ShardState"/>.</summary>
    public const string ShardStateColumn = "State";

    /// <summary>Column of a shard's row (Int32): the epoch of its newest message.</summary>
    public const string ShardEpoch = "Epoch";

    /// <summary>Row key of a shard; keys sort as numbers do.</summary>
    public static string ShardRow(int shard) => FormattableString.Invariant($"s{shard:D6}");
}

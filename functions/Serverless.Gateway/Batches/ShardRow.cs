using Azure;
using Azure.Data.Tables;
using Serverless.Contracts.Jobs;

namespace Serverless.Gateway.Batches;

/// <summary>A shard; partition = the batch's id, row = <see cref="JobTables.ShardRow"/>. Changed only under its ETag.</summary>
internal sealed class ShardRow : ITableEntity
{
    public required string PartitionKey { get; set; }

    public required string RowKey { get; set; }

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public int Number { get; set; }

    public string State { get; set; } = nameof(ShardState.Pending);

    public int Epoch { get; set; }

    public long Offset { get; set; }

    public long Length { get; set; }

    public int First { get; set; }

    public int Lines { get; set; }

    /// <summary>Estimated work.</summary>
    public double Units { get; set; }

    /// <summary>Lines whose answer is a success; as of the newest count of the segments.</summary>
    public int Completed { get; set; }

    /// <summary>Lines whose answer is an error.</summary>
    public int Failed { get; set; }

    public long RunMilliseconds { get; set; }

    public long InputTokens { get; set; }

    public long OutputTokens { get; set; }

    /// <summary>When it was released or last made progress.</summary>
    public DateTimeOffset? MovedAt { get; set; }

    /// <summary>How often in a row its hosts were lost.</summary>
    public int Crashes { get; set; }

    /// <summary>Lines answered when it was last re-driven: more since then means it is no crash loop.</summary>
    public int LinesAtRedrive { get; set; }

    /// <summary>Why it was given up.</summary>
    public string? Reason { get; set; }

    public ShardState Is
    {
        get => Enum.Parse<ShardState>(State);
        set => State = value.ToString();
    }

    public int Answered => Completed + Failed;

    public bool HasEnded => Is is ShardState.Done or ShardState.Failed;

    /// <summary>Whether a worker may be busy with it.</summary>
    public bool IsOut => Is is ShardState.Releasing or ShardState.Released;
}

using Azure;
using Azure.Data.Tables;

namespace Serverless.Gateway.Batches;

/// <summary>Says that a batch exists (partition = tenant), or that something may be due in it.</summary>
internal sealed class BatchIndexRow : ITableEntity
{
    public required string PartitionKey { get; set; }

    public required string RowKey { get; set; }

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public string Tenant { get; set; } = "";

    public string InputFileId { get; set; } = "";

    public int Weight { get; set; } = 1;
}

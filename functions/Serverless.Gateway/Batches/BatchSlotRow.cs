using Azure;
using Azure.Data.Tables;

namespace Serverless.Gateway.Batches;

/// <summary>A batch's place among those of its tenant that may be at work at a time; partition = tenant, row = the place's number.</summary>
internal sealed class BatchSlotRow : ITableEntity
{
    public required string PartitionKey { get; set; }

    public required string RowKey { get; set; }

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public string Batch { get; set; } = "";
}

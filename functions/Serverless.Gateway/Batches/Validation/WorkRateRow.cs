using Azure;
using Azure.Data.Tables;

namespace Serverless.Gateway.Batches.Validation;

/// <summary>What a unit of work was measured to cost for an endpoint and model.</summary>
internal sealed class WorkRateRow : ITableEntity
{
    public required string PartitionKey { get; set; }

    public required string RowKey { get; set; }

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public double SecondsPerUnit { get; set; }
}

using Azure;
using Azure.Data.Tables;

namespace Serverless.Gateway.Prewarm;

/// <summary>How many requests for a model came in five minutes of a day.</summary>
internal sealed class ArrivalRow : ITableEntity
{
    /// <summary>The time of day, see <see cref="Slot.Partition"/>.</summary>
    public required string PartitionKey { get; set; }

    /// <summary>The day and the model.</summary>
    public required string RowKey { get; set; }

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public string Model { get; set; } = "";

    public DateTimeOffset Day { get; set; }

    public long Count { get; set; }
}

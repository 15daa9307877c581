using Azure;
using Azure.Data.Tables;

namespace Serverless.Gateway.Costs;

/// <summary>What one replica charged a tenant for a model on one day; see <see cref="Serverless.Contracts.Costs.CostTables"/>.</summary>
internal sealed class CostRow : ITableEntity
{
    /// <summary>The day.</summary>
    public string PartitionKey { get; set; } = "";

    /// <summary>The replica and which of its rows it is.</summary>
    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public string Tenant { get; set; } = "";

    public string Model { get; set; } = "";

    public string Currency { get; set; } = "USD";

    public long Nanos { get; set; }

    public double DeviceSeconds { get; set; }

    public long Requests { get; set; }
}

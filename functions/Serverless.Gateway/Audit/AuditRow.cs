using Azure;
using Azure.Data.Tables;

namespace Serverless.Gateway.Audit;

/// <summary>One act of an operator; partition = day, row = the time counted backwards and chance. Written before the act and
/// again after it; never changed then.</summary>
internal sealed class AuditRow : ITableEntity
{
    public required string PartitionKey { get; set; }

    public required string RowKey { get; set; }

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>The tenant.</summary>
    public string Who { get; set; } = "";

    /// <summary>Id of the key, <c>configuration</c> or <c>entra</c>.</summary>
    public string Credential { get; set; } = "";

    /// <summary>Method and path.</summary>
    public string What { get; set; } = "";

    /// <summary>What it was done to: the path, or what was made.</summary>
    public string Target { get; set; } = "";

    /// <summary>Address that the request came from; see <see cref="CallerAddress"/>.</summary>
    public string From { get; set; } = "";

    /// <summary>HTTP status; null while it is not known how the act ended.</summary>
    public int? Outcome { get; set; }
}

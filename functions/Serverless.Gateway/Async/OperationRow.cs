using Azure;
using Azure.Data.Tables;

namespace Serverless.Gateway.Async;

/// <summary>One request that is answered later; whether it is answered, its result's blob says.</summary>
internal sealed class OperationRow : ITableEntity
{
    public required string PartitionKey { get; set; }

    public required string RowKey { get; set; }

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    /// <summary>The endpoint that answers.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>SHA-256 of the endpoint, the webhook and the body: the same idempotency key stands for the same request only.</summary>
    public string Fingerprint { get; set; } = "";

    /// <summary>Who is told of the answer; null for nobody.</summary>
    public string? WebhookUrl { get; set; }

    /// <summary>Name of the key whose secret signs the webhook.</summary>
    public string CallerName { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public string Id => RowKey;
}

using Azure;
using Azure.Data.Tables;

namespace Serverless.Gateway.Files;

/// <summary>A file's record; partition = tenant, row = id. Its content is the blob of the same name.</summary>
internal sealed class FileRow : ITableEntity
{
    public required string PartitionKey { get; set; }

    public required string RowKey { get; set; }

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public string Filename { get; set; } = "";

    public string Purpose { get; set; } = "";

    public long Bytes { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>ETag of the blob: batches read this content or none.</summary>
    public string BlobETag { get; set; } = "";
}

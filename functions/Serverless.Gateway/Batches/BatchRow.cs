using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Serverless.Contracts.Jobs;

namespace Serverless.Gateway.Batches;

/// <summary>A batch; partition = its id, row = <see cref="JobTables.BatchRow"/>. Changed only under its ETag.</summary>
internal sealed class BatchRow : ITableEntity
{
    public required string PartitionKey { get; set; }

    public string RowKey { get; set; } = JobTables.BatchRow;

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public string Tenant { get; set; } = "";

    /// <summary>Share of the window among active batches.</summary>
    public int Weight { get; set; } = 1;

    public string Endpoint { get; set; } = "";

    public string InputFileId { get; set; } = "";

    public string InputContainer { get; set; } = "";

    public string InputBlob { get; set; } = "";

    public string InputETag { get; set; } = "";

    public string CompletionWindow { get; set; } = "24h";

    /// <summary>JSON object of strings, or null.</summary>
    public string? Metadata { get; set; }

    /// <summary>Lifetime of the output files; null for none.</summary>
    public int? OutputLifetimeSeconds { get; set; }

    /// <summary>Folder of the lake that gets copies of the files; null for none.</summary>
    public string? OutputFolder { get; set; }

    /// <summary>Whether the copies are there: null as long as they are due, else one of <see cref="OutputCopies"/>.</summary>
    public string? OutputCopy { get; set; }

    public string? WebhookUrl { get; set; }

    /// <summary>Name of the key whose secret signs the webhook.</summary>
    public string CallerName { get; set; } = "";

    /// <summary>What the caller showed, see <see cref="Authentication.Caller.Credential"/>; null for batches from before that was noted.</summary>
    public string? Credential { get; set; }

    /// <summary>Names of the models that its key may use, with a comma between; null for all.</summary>
    public string? AllowedModels { get; set; }

    public string Status { get; set; } = BatchStatuses.NameOf(BatchStatus.Validating);

    /// <summary>Whether it is being finalized because its window closed.</summary>
    public bool IsExpired { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? InProgressAt { get; set; }

    public DateTimeOffset? FinalizingAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public DateTimeOffset? FailedAt { get; set; }

    public DateTimeOffset? ExpiredAt { get; set; }

    public DateTimeOffset? CancellingAt { get; set; }

    public DateTimeOffset? CancelledAt { get; set; }

    /// <summary>JSON array of validation errors, or null.</summary>
    public string? Errors { get; set; }

    public string? Model { get; set; }

    /// <summary>Seconds per unit of work when it was created: every validator of the batch cuts the same shards.</summary>
    public double SecondsPerUnit { get; set; }

    public int ValidationTries { get; set; }

    public int Shards { get; set; }

    public int Lines { get; set; }

    public int Completed { get; set; }

    public int Failed { get; set; }

    public int FailedShards { get; set; }

    public long InputTokens { get; set; }

    public long OutputTokens { get; set; }

    public string? OutputFileId { get; set; }

    public string? ErrorFileId { get; set; }

    /// <summary>Files of an earlier end that a re-drive replaced, with a comma between; deleted by the clean-up.</summary>
    public string? ReplacedFiles { get; set; }

    /// <summary>A re-drive was asked for and its shards are not reset yet.</summary>
    public bool RedrivePending { get; set; }

    /// <summary>Fencing epoch of the newest finalizer.</summary>
    public int FinalizerEpoch { get; set; }

    public DateTimeOffset? FinalizerLease { get; set; }

    public bool WebhookSent { get; set; }

    /// <summary>The trace of the request that created it, which its jobs go on with; null for none.</summary>
    public string? TraceParent { get; set; }

    public string Id => PartitionKey;

    /// <summary>How long the batch may take: whole hours, as <see cref="BatchRequest"/> checked.</summary>
    public TimeSpan Window => TimeSpan.FromHours(int.Parse(CompletionWindow[..^1], CultureInfo.InvariantCulture));

    public BatchStatus State => BatchStatuses.Parse(Status);

    public bool IsFinal => BatchStatuses.IsFinal(State);

    public DateTimeOffset? EndedAt => CompletedAt ?? FailedAt ?? ExpiredAt ?? CancelledAt;
}

namespace Serverless.Contracts.Jobs;

/// <summary>Codes in a batch's <c>errors</c> and in the <c>error</c> of its error lines.</summary>
public static class BatchErrorCodes
{
    /// <summary>A line is not JSON (or not UTF-8).</summary>
    public const string InvalidJsonLine = "invalid_json_line";

    /// <summary>A line is JSON, but not a request as it must be.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>A line is longer than <see cref="JobLimits.MaxLineBytes"/>.</summary>
    public const string LineTooLarge = "line_too_large";

    /// <summary>A <c>custom_id</c> stands on an earlier line already.</summary>
    public const string DuplicateCustomId = "duplicate_custom_id";

    /// <summary>A line's <c>url</c> is not the batch's endpoint.</summary>
    public const string UrlMismatch = "url_mismatch";

    /// <summary>A line names another model than the first one.</summary>
    public const string ModelMismatch = "model_mismatch";

    /// <summary>There is no such model.</summary>
    public const string ModelNotFound = "model_not_found";

    /// <summary>The file holds no request.</summary>
    public const string EmptyBatch = "empty_batch";

    /// <summary>The file holds more than <see cref="JobLimits.MaxRequests"/> requests, or embedding inputs.</summary>
    public const string TooManyTasks = "too_many_tasks";

    /// <summary>The file is not JSON Lines at all (an archive, UTF-16), or is too large.</summary>
    public const string InvalidFile = "invalid_file_format";

    /// <summary>The input is gone or was changed after the batch was created.</summary>
    public const string InputChanged = "input_changed";

    /// <summary>The key that created the batch was revoked, or taken out of the configuration.</summary>
    public const string KeyRevoked = "key_revoked";

    /// <summary>The batch's window closed before this line was answered.</summary>
    public const string Expired = "batch_expired";

    /// <summary>The batch was cancelled before this line was answered.</summary>
    public const string Cancelled = "batch_cancelled";

    /// <summary>The shard with this line was given up; the message says why.</summary>
    public const string ShardFailed = "batch_shard_failed";
}

namespace Serverless.Contracts.Jobs;

/// <summary>Bounds that both sides of a batch job keep.</summary>
public static class JobLimits
{
    /// <summary>Requests in one batch, as at OpenAI.</summary>
    public const int MaxRequests = 50_000;

    /// <summary>Bytes of an input file, as at OpenAI (200 MB).</summary>
    public const long MaxInputBytes = 200L * 1024 * 1024;

    /// <summary>Bytes of one input line without its end.</summary>
    public const int MaxLineBytes = 8 * 1024 * 1024;

    /// <summary>UTF-8 bytes of a <c>custom_id</c>.</summary>
    public const int MaxCustomIdBytes = 512;

    /// <summary>Validation errors that a batch reports; more are only counted.</summary>
    public const int MaxReportedErrors = 100;

    /// <summary>Inputs of all lines of an embeddings batch together, as at OpenAI.</summary>
    public const int MaxEmbeddingInputs = 50_000;

    /// <summary>Shards of one batch: one page of a Table query, and far below a blob's 50,000 blocks.</summary>
    public const int MaxShards = 1_000;

    /// <summary>Bytes of one segment blob; a segment lies in a worker's memory until it is sealed.</summary>
    public const int MaxSegmentBytes = 32 * 1024 * 1024;

    /// <summary>How often a worker seals what is finished, so that <c>request_counts</c> move and a crash costs little.</summary>
    public static readonly TimeSpan SegmentInterval = TimeSpan.FromSeconds(10);

    /// <summary>How long a worker keeps one message; then it sends the rest as a continuation. Below every lock and grace period.</summary>
    public static readonly TimeSpan MaxRun = TimeSpan.FromMinutes(4);

    /// <summary>How often a worker looks whether its batch was cancelled or ended.</summary>
    public static readonly TimeSpan CancelPoll = TimeSpan.FromSeconds(1);

    /// <summary>How long a cancelled batch waits for its workers to seal what they finished. Cancelling must be over within 10 s.</summary>
    public static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(5);
}

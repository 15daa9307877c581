namespace Serverless.Contracts.Jobs;

/// <summary>OpenAI's states of a batch.</summary>
public enum BatchStatus
{
    /// <summary>The input is being read.</summary>
    Validating,

    /// <summary>The input is wrong; see the batch's <c>errors</c>. Final.</summary>
    Failed,

    /// <summary>Shards are worked on.</summary>
    InProgress,

    /// <summary>Every shard ended, or the batch expired; the output files are being composed.</summary>
    Finalizing,

    /// <summary>Every line has its answer. Final, except that a re-drive of failed shards opens it again.</summary>
    Completed,

    /// <summary>The window closed; what was finished is in the output file. Final.</summary>
    Expired,

    /// <summary>A cancel was asked for; workers seal what they finished, then the output files are composed.</summary>
    Cancelling,

    /// <summary>Cancelled; what was finished is in the output file. Final.</summary>
    Cancelled,
}

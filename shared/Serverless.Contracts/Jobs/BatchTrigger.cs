namespace Serverless.Contracts.Jobs;

/// <summary>What moves a batch from one state to another.</summary>
public enum BatchTrigger
{
    /// <summary>Validation found no error; the shard rows are written.</summary>
    Validated,

    /// <summary>Validation found errors.</summary>
    Rejected,

    /// <summary>Every shard is done or failed.</summary>
    ShardsEnded,

    /// <summary>The output files are composed and their records written.</summary>
    Composed,

    /// <summary>A user asked to cancel.</summary>
    Cancel,

    /// <summary><c>expires_at</c> has passed.</summary>
    Expire,

    /// <summary>A user asked to run failed shards again.</summary>
    Redrive,
}

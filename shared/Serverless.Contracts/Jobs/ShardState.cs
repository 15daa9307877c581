namespace Serverless.Contracts.Jobs;

/// <summary>States of a shard; only the gateway writes them.</summary>
public enum ShardState
{
    /// <summary>Waits for its batch's window; no message exists.</summary>
    Pending,

    /// <summary>Its message is about to be sent; whoever finds this state sends it (again) and goes on to <see cref="Released"/>.</summary>
    Releasing,

    /// <summary>Its message is with Service Bus or with a worker.</summary>
    Released,

    /// <summary>Its segments cover every line.</summary>
    Done,

    /// <summary>Given up; the rest of its lines get <see cref="BatchErrorCodes.ShardFailed"/>.</summary>
    Failed,

    /// <summary>A worker met the batch's cancel or end, sealed what it had and completed the message.</summary>
    Stopped,
}

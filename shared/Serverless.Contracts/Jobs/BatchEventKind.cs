namespace Serverless.Contracts.Jobs;

/// <summary>What a <see cref="BatchEvent"/> reports.</summary>
public enum BatchEventKind
{
    /// <summary>A segment of the shard was sealed; the shard goes on, here or in its continuation.</summary>
    Progress,

    /// <summary>The shard's segments cover all its lines.</summary>
    Done,

    /// <summary>The worker met a cancelled or ended batch, sealed what it had, and completes the message.</summary>
    Stopped,

    /// <summary>No shard but a single request has its answer, and its caller wants to be told.</summary>
    Answered,

    /// <summary>Something about the whole batch may be due (released, cancelled, expired, re-driven); sent by the gateway to itself.</summary>
    Check,
}

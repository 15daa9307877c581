namespace Serverless.Contracts.Jobs;

/// <summary>
/// The state machine of a batch: what is not in this table does not happen. A transition is one conditional update (ETag) of the batch's row.
/// </summary>
public static class BatchTransitions
{
    private static readonly Dictionary<(BatchStatus From, BatchTrigger Trigger), BatchStatus> Table = new()
    {
        [(BatchStatus.Validating, BatchTrigger.Validated)] = BatchStatus.InProgress,
        [(BatchStatus.Validating, BatchTrigger.Rejected)] = BatchStatus.Failed,
        [(BatchStatus.Validating, BatchTrigger.Cancel)] = BatchStatus.Cancelling,
        [(BatchStatus.Validating, BatchTrigger.Expire)] = BatchStatus.Finalizing,
        [(BatchStatus.InProgress, BatchTrigger.ShardsEnded)] = BatchStatus.Finalizing,
        [(BatchStatus.InProgress, BatchTrigger.Cancel)] = BatchStatus.Cancelling,
        [(BatchStatus.InProgress, BatchTrigger.Expire)] = BatchStatus.Finalizing,
        [(BatchStatus.InProgress, BatchTrigger.Redrive)] = BatchStatus.InProgress,
        [(BatchStatus.Cancelling, BatchTrigger.Cancel)] = BatchStatus.Cancelling,
        [(BatchStatus.Cancelling, BatchTrigger.Composed)] = BatchStatus.Cancelled,
        [(BatchStatus.Completed, BatchTrigger.Redrive)] = BatchStatus.InProgress,
    };

    /// <summary>The state that follows, or null when the trigger does not apply.</summary>
    /// <param name="from">The state now.</param>
    /// <param name="trigger">What happened.</param>
    /// <param name="expired">Whether the batch left <see cref="BatchStatus.InProgress"/> because its window closed.</param>
    public static BatchStatus? Next(BatchStatus from, BatchTrigger trigger, bool expired = false)
    {
        if ((from, trigger) == (BatchStatus.Finalizing, BatchTrigger.Composed))
            return expired ? BatchStatus.Expired : BatchStatus.Completed;
        return Table.TryGetValue((from, trigger), out var to) ? to : null;
    }
}

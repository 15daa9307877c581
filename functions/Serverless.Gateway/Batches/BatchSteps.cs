using Serverless.Contracts.Jobs;

namespace Serverless.Gateway.Batches;

/// <summary>Applies a step of <see cref="BatchTransitions"/> to a row, with its time stamp.</summary>
internal static class BatchSteps
{
    /// <summary>Moves the row on; false when the trigger does not apply in its state.</summary>
    public static bool TryStep(this BatchRow row, BatchTrigger trigger, DateTimeOffset now)
    {
        if (BatchTransitions.Next(row.State, trigger, row.IsExpired) is not { } to)
            return false;
        if (trigger == BatchTrigger.Expire)
            row.IsExpired = true;
        if (row.State != to)
            Stamp(row, to, now);
        row.Status = BatchStatuses.NameOf(to);
        return true;
    }

    private static void Stamp(BatchRow row, BatchStatus to, DateTimeOffset now)
    {
        switch (to)
        {
            case BatchStatus.InProgress:
                row.InProgressAt ??= now;
                row.FinalizingAt = row.CompletedAt = null;
                break;
            case BatchStatus.Finalizing: row.FinalizingAt = now; break;
            case BatchStatus.Completed: row.CompletedAt = now; break;
            case BatchStatus.Failed: row.FailedAt = now; break;
            case BatchStatus.Expired: row.ExpiredAt = now; break;
            case BatchStatus.Cancelling: row.CancellingAt = now; break;
            case BatchStatus.Cancelled: row.CancelledAt = now; break;
        }
    }
}

using Serverless.Contracts.Errors;
using Serverless.Contracts.Jobs;
using Serverless.Gateway.Jobs;
using Serverless.Gateway.Tenants;

namespace Serverless.Gateway.Batches;

/// <summary>What a user may do to a batch: cancel it, and run its failed shards again.</summary>
internal sealed class BatchActions(
    BatchTable batches, BatchIndex index, BatchSlots slots, LimitBook limits, JobQueues queues, TimeProvider time)
{
    /// <summary>Begins to cancel; again is no error while it is being cancelled.</summary>
    /// <exception cref="InferenceException"><see cref="ErrorKind.Conflict"/>: it is too late.</exception>
    public async Task<BatchRow> CancelAsync(string batch, CancellationToken cancellationToken)
    {
        // Nothing is written a second time: that would only stand in the finalizer's way.
        if (await batches.FindAsync(batch, cancellationToken) is { State: BatchStatus.Cancelling } begun)
            return begun;
        var row = await batches.ChangeAsync(batch, row => row.TryStep(BatchTrigger.Cancel, time.GetUtcNow()), cancellationToken)
            ?? throw await RefusedAsync(batch, "cancelled", cancellationToken);

        // One look at once, for a batch that nobody works on, and one when the grace of the workers is over.
        await queues.SendCheckAsync(batch, TimeSpan.Zero, cancellationToken);
        await queues.SendCheckAsync(batch, JobLimits.CancelGrace, cancellationToken);
        return row;
    }

    /// <summary>Runs the failed shards again.</summary>
    /// <exception cref="InferenceException">
    /// <see cref="ErrorKind.Conflict"/>: none failed, or its state does not allow it. <see cref="ErrorKind.Overloaded"/>: its tenant has as many
    /// batches at work as it may.
    /// </exception>
    public async Task<BatchRow> RedriveAsync(string batch, CancellationToken cancellationToken)
    {
        var found = await batches.FindAsync(batch, cancellationToken);
        if (found is null || !(await batches.ListShardsAsync(batch, cancellationToken)).Any(shard => shard.Is == ShardState.Failed))
            throw new InferenceException(ErrorKind.Conflict, "The batch has no failed shard to run again.");
        await slots.TakeAsync(found, (await limits.OfAsync(found.CallerName)).ConcurrentBatches, cancellationToken);
        await index.AddActiveAsync(found, found.Weight, cancellationToken);
        var row = await batches.ChangeAsync(batch, Reopen, cancellationToken)
            ?? throw await RefusedAsync(batch, "re-driven", cancellationToken);
        await queues.SendCheckAsync(batch, TimeSpan.Zero, cancellationToken);
        return row;
    }

    private bool Reopen(BatchRow row)
    {
        var wasCompleted = row.State == BatchStatus.Completed;
        if (!row.TryStep(BatchTrigger.Redrive, time.GetUtcNow()))
            return false;
        row.RedrivePending = true;
        if (wasCompleted)
        {
            // A new window, as long as the first one was.
            row.ExpiresAt = time.GetUtcNow() + row.Window;
            row.ReplacedFiles = string.Join(',', new[] { row.ReplacedFiles, row.OutputFileId, row.ErrorFileId }.Where(id => id is { Length: > 0 }));
            row.OutputFileId = row.ErrorFileId = null;
            row.WebhookSent = false;
            row.OutputCopy = null;
        }

        return true;
    }

    private async Task<InferenceException> RefusedAsync(string batch, string what, CancellationToken cancellationToken)
    {
        var row = await batches.FindAsync(batch, cancellationToken);
        return row is null
            ? new InferenceException(ErrorKind.NotFound, "There is no such batch.", "batch_id")
            : new InferenceException(ErrorKind.Conflict, $"A batch that is '{row.Status}' cannot be {what}.");
    }
}

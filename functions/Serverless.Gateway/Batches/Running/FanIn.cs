using Serverless.Contracts.Jobs;
using Serverless.Gateway.Batches.Finalizing;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches.Running;

/// <summary>Takes an event, counts what it names and does whatever is due in the batch now. Any number may run at once.</summary>
internal sealed class FanIn(
    BatchTable batches, ShardCount count, ShardRelease release, BatchFinalizer finalizer, BatchCleanUp cleanUp, JobQueues queues,
    TimeProvider time)
{
    public async Task HandleAsync(BatchEvent report, CancellationToken cancellationToken)
    {
        if (report.Shard is { } shard && await batches.FindAsync(report.Batch, cancellationToken) is { } batch)
            await count.CountAsync(batch, shard, report.Kind == BatchEventKind.Stopped ? report.Epoch : null, cancellationToken);
        await AdvanceAsync(report.Batch, cancellationToken);
    }

    /// <summary>Does what is due, until nothing is.</summary>
    public async Task AdvanceAsync(string batch, CancellationToken cancellationToken)
    {
        while (await batches.FindAsync(batch, cancellationToken) is { } row && await StepAsync(row, cancellationToken))
        {
        }
    }

    /// <summary>One step; whether there may be another.</summary>
    private async Task<bool> StepAsync(BatchRow row, CancellationToken cancellationToken)
    {
        if (row.IsFinal)
        {
            await cleanUp.RunAsync(row, cancellationToken);
            return false;
        }

        if (time.GetUtcNow() >= row.ExpiresAt && row.TryStep(BatchTrigger.Expire, time.GetUtcNow()))
        {
            // The workers know when the window closes; they get the same grace as after a cancel.
            if (await batches.TryUpdateAsync(row, cancellationToken))
                await queues.SendCheckAsync(row.Id, JobLimits.CancelGrace, cancellationToken);
            return true;
        }

        return row.State switch
        {
            BatchStatus.InProgress => await RunAsync(row, cancellationToken),
            BatchStatus.Finalizing or BatchStatus.Cancelling => await EndAsync(row, cancellationToken),
            _ => false,
        };
    }

    private async Task<bool> RunAsync(BatchRow row, CancellationToken cancellationToken)
    {
        var shards = await batches.ListShardsAsync(row.Id, cancellationToken);
        if (row.RedrivePending)
        {
            await ResetFailedAsync(shards, cancellationToken);
            row.RedrivePending = false;
            await batches.TryUpdateAsync(row, cancellationToken);
            return true;
        }

        if (shards.All(shard => shard.HasEnded))
        {
            row.TryStep(BatchTrigger.ShardsEnded, time.GetUtcNow());
            await batches.TryUpdateAsync(row, cancellationToken);
            return true;
        }

        return await release.FillAsync(row, shards, cancellationToken);
    }

    private async Task ResetFailedAsync(List<ShardRow> shards, CancellationToken cancellationToken)
    {
        foreach (var shard in shards.Where(shard => shard.Is == ShardState.Failed))
        {
            shard.Is = ShardState.Pending;
            (shard.Crashes, shard.Reason) = (0, null);
            await batches.TryUpdateAsync(shard, cancellationToken);
        }
    }

    /// <summary>Composes the files once no worker is at it, or its grace is over.</summary>
    private async Task<bool> EndAsync(BatchRow row, CancellationToken cancellationToken)
    {
        var since = row.State == BatchStatus.Cancelling ? row.CancellingAt : row.IsExpired ? row.FinalizingAt : null;
        if (row.Shards > 0 && since + JobLimits.CancelGrace > time.GetUtcNow()
            && (await batches.ListShardsAsync(row.Id, cancellationToken)).Any(shard => shard.IsOut))
        {
            return false;
        }

        return await finalizer.RunAsync(row.Id, cancellationToken);
    }
}

using Serverless.Contracts.Jobs;
using Serverless.Gateway.Batches.Validation;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches.Running;

/// <summary>Sends shards to workers: the row says so first, then the message is sent, then the row says that it was.</summary>
internal sealed class ShardRelease(BatchTable batches, ReleaseWindow window, BatchOwner owner, JobQueues queues, TimeProvider time)
{
    /// <summary>
    /// Fills the batch's window, and finishes what another process began; or ends the batch, if its creator is no longer let in.
    /// </summary>
    /// <returns>Whether the batch has ended by that.</returns>
    public async Task<bool> FillAsync(BatchRow batch, IReadOnlyList<ShardRow> shards, CancellationToken cancellationToken)
    {
        if (await owner.FindObjectionAsync(batch, cancellationToken) is { } objection)
            return await StopAsync(batch, objection, cancellationToken);
        foreach (var begun in shards.Where(shard => shard.Is == ShardState.Releasing))
            await SendAsync(batch, begun, cancellationToken);
        var room = await window.ShareOfAsync(batch, cancellationToken) - shards.Count(shard => shard.IsOut);
        foreach (var shard in shards.Where(shard => shard.Is == ShardState.Pending).Take(Math.Max(0, room)))
        {
            // Lost means that another process fills the same window: one is enough.
            if (!await ReleaseAsync(batch, shard, cancellationToken))
                return false;
        }

        return false;
    }

    /// <summary>Cancels the batch, with the reason among its errors; what is answered already stays.</summary>
    private async Task<bool> StopAsync(BatchRow batch, string reason, CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        errors.Add(BatchErrorCodes.KeyRevoked, reason);
        var stopped = await batches.ChangeAsync(
            batch.Id,
            row =>
            {
                row.Errors = errors.ToJson();
                return row.TryStep(BatchTrigger.Cancel, time.GetUtcNow());
            },
            cancellationToken);
        if (stopped is not null)
            await queues.SendCheckAsync(batch.Id, JobLimits.CancelGrace, cancellationToken);
        return true;
    }

    /// <summary>Releases one shard with a new epoch; false when somebody else changed it.</summary>
    public async Task<bool> ReleaseAsync(BatchRow batch, ShardRow shard, CancellationToken cancellationToken)
    {
        shard.Is = ShardState.Releasing;
        shard.Epoch++;
        shard.MovedAt = time.GetUtcNow();
        if (!await batches.TryUpdateAsync(shard, cancellationToken))
            return false;
        await SendAsync(batch, shard, cancellationToken);
        return true;
    }

    private async Task SendAsync(BatchRow batch, ShardRow shard, CancellationToken cancellationToken)
    {
        await queues.SendShardAsync(MessageOf(batch, shard), cancellationToken);
        shard.Is = ShardState.Released;

        // Lost only when a worker was so quick that it changed the row already; the next look sends a duplicate that is dropped.
        await batches.TryUpdateAsync(shard, cancellationToken);
    }

    public static ShardMessage MessageOf(BatchRow batch, ShardRow shard) => new(
        batch.Id,
        shard.Number,
        shard.Epoch,
        batch.Endpoint,
        batch.Model ?? "",
        batch.InputContainer,
        batch.InputBlob,
        batch.InputETag,
        shard.Offset,
        shard.Length,
        shard.First,
        shard.Lines,
        batch.ExpiresAt,
        Uri.EscapeDataString(batch.CallerName));
}

using Serverless.Contracts.Jobs;
using Serverless.Gateway.Batches.Validation;

namespace Serverless.Gateway.Batches.Running;

/// <summary>Brings a shard's row up to what its segments say.</summary>
internal sealed class ShardCount(BatchTable batches, Segments segments, WorkRates rates, TimeProvider time)
{
    /// <summary>Counts one shard.</summary>
    /// <param name="batch">Its batch.</param>
    /// <param name="number">Its number.</param>
    /// <param name="stoppedEpoch">The epoch in which a worker stopped it, or null.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The row as it is now, or null when there is none.</returns>
    public async Task<ShardRow?> CountAsync(BatchRow batch, int number, int? stoppedEpoch, CancellationToken cancellationToken)
    {
        while (await batches.FindShardAsync(batch.Id, number, cancellationToken) is { } row)
        {
            var chain = await segments.FollowAsync(row, cancellationToken);
            if (!Apply(row, chain, stoppedEpoch))
                return row;
            if (!await batches.TryUpdateAsync(row, cancellationToken))
                continue;
            if (row.Is == ShardState.Done && batch.Model is { } model)
                await rates.NoteAsync(batch.Endpoint, model, row, cancellationToken);
            return row;
        }

        return null;
    }

    private bool Apply(ShardRow row, SegmentChain chain, int? stoppedEpoch)
    {
        var (state, answered) = (row.Is, row.Answered);
        row.Completed = chain.Segments.Sum(segment => segment.Completed);
        row.Failed = chain.Segments.Sum(segment => segment.Failed);
        row.RunMilliseconds = chain.Segments.Sum(segment => segment.RunMilliseconds);
        row.InputTokens = chain.Segments.Sum(segment => segment.InputTokens);
        row.OutputTokens = chain.Segments.Sum(segment => segment.OutputTokens);
        if (row.Answered > answered)
            row.MovedAt = time.GetUtcNow();
        if (chain.Next >= row.First + row.Lines)
            row.Is = ShardState.Done;
        else if (stoppedEpoch >= row.Epoch && row.IsOut)
            row.Is = ShardState.Stopped;
        return row.Is != state || row.Answered != answered;
    }
}

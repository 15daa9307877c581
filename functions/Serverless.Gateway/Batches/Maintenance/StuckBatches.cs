using Microsoft.Extensions.Options;
using Serverless.Contracts.Jobs;
using Serverless.Gateway.Batches.Running;
using Serverless.Gateway.Batches.Validation;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches.Maintenance;

/// <summary>Looks at one active batch as if every event about it had been lost.</summary>
internal sealed class StuckBatches(
    BatchTable batches, BatchIndex index, ShardCount count, ShardRelease release, BatchValidator validator, FanIn fanIn, JobQueues queues,
    IOptions<JobOptions> options, TimeProvider time)
{
    // A validation takes seconds; one that did not come about in this time has lost its message.
    private static readonly TimeSpan ValidationLimit = TimeSpan.FromMinutes(1);
    private const int MaxValidationTries = 5;

    public async Task RunAsync(string batch, CancellationToken cancellationToken)
    {
        var row = await batches.FindAsync(batch, cancellationToken);
        if (row is null)
        {
            // Its creator died before the row, or is between the two right now; the id says when it began.
            if (JobIds.AgeOf(batch, time.GetUtcNow()) > ValidationLimit)
                await index.RemoveActiveAsync(batch, cancellationToken);
            return;
        }

        if (row.State == BatchStatus.Validating)
            await ValidateAgainAsync(row, cancellationToken);
        if (row.State is BatchStatus.InProgress or BatchStatus.Cancelling)
            await CountAsync(row, cancellationToken);
        await fanIn.AdvanceAsync(batch, cancellationToken);
    }

    private async Task ValidateAgainAsync(BatchRow row, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() - row.CreatedAt < ValidationLimit * (row.ValidationTries + 1))
            return;
        if (row.ValidationTries >= MaxValidationTries)
        {
            var errors = new ValidationErrors();
            errors.Add(BatchErrorCodes.InvalidFile, "The file could not be validated; the operator's log says why.");
            await validator.RejectAsync(row.Id, errors, cancellationToken);
            return;
        }

        row.ValidationTries++;
        if (await batches.TryUpdateAsync(row, cancellationToken))
            await queues.SendValidationAsync(row.Id, cancellationToken);
    }

    private async Task CountAsync(BatchRow row, CancellationToken cancellationToken)
    {
        foreach (var shard in await batches.ListShardsAsync(row.Id, cancellationToken))
        {
            if (!shard.IsOut || await count.CountAsync(row, shard.Number, stoppedEpoch: null, cancellationToken) is not { } current)
                continue;
            if (row.State == BatchStatus.InProgress && current.Is == ShardState.Released && time.GetUtcNow() - current.MovedAt > options.Value.StallLimit)
                await release.ReleaseAsync(row, current, cancellationToken);
        }
    }
}

using Serverless.Contracts.Jobs;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches.Finalizing;

/// <summary>
/// The right to finalize a batch: a lease in its row, with a fencing epoch. Whoever's epoch is not the row's any more changes nothing.
/// </summary>
internal sealed class FinalizerClaim(BatchTable batches, JobIds ids, TimeProvider time)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    /// <summary>Claims the batch with the next epoch and files of its own, or null when it is not to be finalized or claimed already.</summary>
    public Task<BatchRow?> TakeAsync(string batch, CancellationToken cancellationToken) => batches.ChangeAsync(batch, Take, cancellationToken);

    /// <summary>Holds it for longer.</summary>
    /// <exception cref="FencedException">Somebody else has it.</exception>
    public async Task RenewAsync(BatchRow claimed, CancellationToken cancellationToken)
    {
        if (claimed.FinalizerLease - time.GetUtcNow() > Lease / 2)
            return;
        var renewed = await batches.ChangeAsync(
            claimed.Id,
            row =>
            {
                row.FinalizerLease = time.GetUtcNow() + Lease;
                return IsHeld(row, claimed);
            },
            cancellationToken);
        claimed.FinalizerLease = renewed?.FinalizerLease ?? throw new FencedException();
    }

    /// <summary>Gives it up.</summary>
    public Task ReleaseAsync(BatchRow claimed, CancellationToken cancellationToken) => batches.ChangeAsync(
        claimed.Id,
        row =>
        {
            row.FinalizerLease = null;
            return IsHeld(row, claimed);
        },
        cancellationToken);

    /// <summary>Whether the row is still the claimer's to finalize.</summary>
    public static bool IsHeld(BatchRow row, BatchRow claimed) =>
        row.FinalizerEpoch == claimed.FinalizerEpoch && row.State is (BatchStatus.Finalizing or BatchStatus.Cancelling);

    private bool Take(BatchRow row)
    {
        if (row.State is not (BatchStatus.Finalizing or BatchStatus.Cancelling) || row.FinalizerLease > time.GetUtcNow())
            return false;
        row.FinalizerEpoch++;
        row.FinalizerLease = time.GetUtcNow() + Lease;
        row.ReplacedFiles = string.Join(',', new[] { row.ReplacedFiles, row.OutputFileId, row.ErrorFileId }.Where(id => id is { Length: > 0 }));
        (row.OutputFileId, row.ErrorFileId) = (ids.NewFile(), ids.NewFile());
        return true;
    }
}

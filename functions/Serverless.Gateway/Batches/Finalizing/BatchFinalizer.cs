using Microsoft.Extensions.Logging;
using Serverless.Contracts.Jobs;
using Serverless.Gateway.Batches.Running;
using Serverless.Gateway.Files;
using Serverless.Gateway.Jobs;
using Serverless.Telemetry;

namespace Serverless.Gateway.Batches.Finalizing;

/// <summary>Composes a batch's files from its segments, on the storage service's side and in input order, and ends the batch.</summary>
internal sealed partial class BatchFinalizer(
    JobStorage storage, BatchTable batches, FinalizerClaim claims, Segments segments, BlobSource source, MissingLines missing, FileTable files,
    TimeProvider time, ILogger<BatchFinalizer> logger)
{
    /// <summary>Finalizes the batch; false when it is not ours to finalize, or was taken over.</summary>
    public async Task<bool> RunAsync(string batch, CancellationToken cancellationToken)
    {
        if (await claims.TakeAsync(batch, cancellationToken) is not { } claimed)
            return false;
        using var activity = QueueTracing.StartStep("finalize batch");
        try
        {
            var composition = await ComposeAsync(claimed, cancellationToken);
            return await PublishAsync(claimed, composition, cancellationToken);
        }
        catch (FencedException)
        {
            LogFenced(batch, claimed.FinalizerEpoch);
            return false;
        }
        catch
        {
            // The next delivery of the event need not wait for the lease.
            await claims.ReleaseAsync(claimed, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Stages both files; nothing is visible yet.</summary>
    internal async Task<Composition> ComposeAsync(BatchRow claimed, CancellationToken cancellationToken)
    {
        var composition = new Composition(
            new ComposedFile(storage.Files, source, claimed.OutputFileId!), new ComposedFile(storage.Files, source, claimed.ErrorFileId!));
        if (claimed.Shards == 0)
            return composition;
        foreach (var shard in await batches.ListShardsAsync(claimed.Id, cancellationToken))
        {
            await claims.RenewAsync(claimed, cancellationToken);
            await AppendAsync(claimed, shard, composition, cancellationToken);
        }

        return composition;
    }

    private async Task AppendAsync(BatchRow batch, ShardRow shard, Composition to, CancellationToken cancellationToken)
    {
        var chain = await segments.FollowAsync(shard, cancellationToken);
        foreach (var segment in chain.Segments)
        {
            var blob = storage.Segments.GetBlobClient(JobBlobs.Segment(batch.Id, shard.Number, segment.First));
            await to.Output.AppendAsync(blob, 0, segment.OutputBytes, cancellationToken);
            await to.Errors.AppendAsync(blob, segment.OutputBytes, segment.ErrorBytes, cancellationToken);
            to.Completed += segment.Completed;
            to.Failed += segment.Failed;
            to.InputTokens += segment.InputTokens;
            to.OutputTokens += segment.OutputTokens;
        }

        to.FailedShards += shard.Is == ShardState.Failed ? 1 : 0;
        var left = shard.First + shard.Lines - chain.Next;
        if (left <= 0)
            return;
        await missing.AppendAsync(batch, shard, chain, to, ErrorOf(batch, shard), cancellationToken);
        to.Failed += left;
    }

    private static (string Code, string Message) ErrorOf(BatchRow batch, ShardRow shard)
    {
        if (shard.Is == ShardState.Failed)
            return (BatchErrorCodes.ShardFailed, $"The shard with this request was given up: {shard.Reason}");
        return batch.IsExpired
            ? (BatchErrorCodes.Expired, "This request could not be executed before the completion window expired.")
            : (BatchErrorCodes.Cancelled, "The batch was cancelled before this request was executed.");
    }

    /// <summary>Makes the files and their records, then ends the batch, if it is still ours.</summary>
    internal async Task<bool> PublishAsync(BatchRow claimed, Composition composition, CancellationToken cancellationToken)
    {
        var output = await AddFileAsync(claimed, composition.Output, "output", cancellationToken);
        var errors = await AddFileAsync(claimed, composition.Errors, "error", cancellationToken);
        var ended = await batches.ChangeAsync(claimed.Id, row => End(row, claimed, composition, output, errors), cancellationToken);
        if (ended is not null)
        {
            LogEnded(claimed.Id, ended.Status, composition.Completed, composition.Failed);
            return true;
        }

        // Fenced: the newer finalizer has files of its own, and the clean-up may have passed already.
        foreach (var id in new[] { output, errors })
        {
            if (id is not null)
                await files.DeleteAsync(claimed.Tenant, id, cancellationToken);
        }

        throw new FencedException();
    }

    private bool End(BatchRow row, BatchRow claimed, Composition composition, string? output, string? errors)
    {
        if (!FinalizerClaim.IsHeld(row, claimed) || !row.TryStep(BatchTrigger.Composed, time.GetUtcNow()))
            return false;
        (row.OutputFileId, row.ErrorFileId) = (output, errors);
        (row.Completed, row.Failed, row.FailedShards) = (composition.Completed, composition.Failed, composition.FailedShards);
        (row.InputTokens, row.OutputTokens) = (composition.InputTokens, composition.OutputTokens);
        row.FinalizerLease = null;
        return true;
    }

    /// <summary>The file's id, or null for an empty one, which is not made.</summary>
    private async Task<string?> AddFileAsync(BatchRow batch, ComposedFile file, string kind, CancellationToken cancellationToken)
    {
        if (file.Bytes == 0)
            return null;
        var now = time.GetUtcNow();
        await files.AddAsync(
            new FileRow
            {
                PartitionKey = batch.Tenant,
                RowKey = file.Id,
                Filename = $"{batch.Id}_{kind}.jsonl",
                Purpose = FilePurposes.BatchOutput,
                BlobETag = await file.CommitAsync(cancellationToken),
                Bytes = file.Bytes,
                CreatedAt = now,
                ExpiresAt = batch.OutputLifetimeSeconds is { } seconds ? now.AddSeconds(seconds) : null,
            },
            cancellationToken);
        return file.Id;
    }

    [LoggerMessage(1, LogLevel.Information, "Batch {Batch} is {Status}: {Completed} lines completed, {Failed} failed")]
    private partial void LogEnded(string batch, string status, int completed, int failed);

    [LoggerMessage(2, LogLevel.Warning, "Batch {Batch}: finalizer of epoch {Epoch} was taken over")]
    private partial void LogFenced(string batch, int epoch);
}

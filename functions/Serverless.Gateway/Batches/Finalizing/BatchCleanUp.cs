using System.Text.Json;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Jobs;
using Serverless.Gateway.Batches.Running;
using Serverless.Gateway.Files;
using Serverless.Gateway.Jobs;
using Serverless.Gateway.Webhooks;

namespace Serverless.Gateway.Batches.Finalizing;

/// <summary>What remains to be done for a batch that ended. Its entry among the active ones goes last, so that a death repeats the rest.</summary>
internal sealed class BatchCleanUp(
    JobStorage storage, BatchTable batches, BatchIndex index, Segments segments, FileTable files, LakeCopies copies, JobQueues queues,
    IOptions<JobOptions> options, TimeProvider time)
{
    public async Task RunAsync(BatchRow row, CancellationToken cancellationToken)
    {
        await copies.RunAsync(row, cancellationToken);
        await AnnounceAsync(row, cancellationToken);
        await DeleteReplacedAsync(row, cancellationToken);
        if (IsKeptForRedrive(row))
        {
            // Still looked at, until its segments may go; but it has no part of the window.
            await index.AddActiveAsync(row, weight: 0, cancellationToken);
            return;
        }

        await segments.DeleteAsync(row.Id, cancellationToken);
        foreach (var shard in await batches.ListShardsAsync(row.Id, cancellationToken))
            await storage.BatchTable.DeleteEntityAsync(shard.PartitionKey, shard.RowKey, cancellationToken: cancellationToken);
        await index.RemoveActiveAsync(row.Id, cancellationToken);
    }

    private bool IsKeptForRedrive(BatchRow row) =>
        row.State == BatchStatus.Completed && row.FailedShards > 0 && time.GetUtcNow() < row.CompletedAt + options.Value.RedriveWindow;

    /// <summary>A webhook may be announced twice, with the same id; it is never forgotten.</summary>
    private async Task AnnounceAsync(BatchRow row, CancellationToken cancellationToken)
    {
        if (row.WebhookUrl is null || row.WebhookSent)
            return;
        var message = JsonSerializer.Serialize(new WebhookMessage(row.Id, row.Status, 1), WebhookJson.Default.WebhookMessage);
        await queues.SendWebhookAsync(message, TimeSpan.Zero, cancellationToken);
        row.WebhookSent = true;
        await batches.TryUpdateAsync(row, cancellationToken);
    }

    private async Task DeleteReplacedAsync(BatchRow row, CancellationToken cancellationToken)
    {
        if (row.ReplacedFiles is not { Length: > 0 } replaced)
            return;
        foreach (var file in replaced.Split(','))
            await files.DeleteAsync(row.Tenant, file, cancellationToken);
        row.ReplacedFiles = null;
        await batches.TryUpdateAsync(row, cancellationToken);
    }
}

using Microsoft.Extensions.Logging;
using Serverless.Gateway.Async;
using Serverless.Gateway.Files;
using Serverless.Gateway.Jobs;
using Serverless.Gateway.Queues;

namespace Serverless.Gateway.Batches.Maintenance;

/// <summary>Repairs whatever a death, a lost message or the passing of time left undone. Any number may run at once.</summary>
internal sealed partial class JobMaintenance(
    JobStorage storage, BatchIndex index, StuckBatches stuck, DeadLetters deadLetters, RequestDeadLetters deadRequests, PoisonQueues poison,
    PoisonRequests poisonRequests, FileTable files, OperationStore operations, ILogger<JobMaintenance> logger)
{
    /// <summary>Runs every part; one that fails does not keep the others from running.</summary>
    public async Task<MaintenanceReport> RunAsync(CancellationToken cancellationToken)
    {
        await storage.ReadyAsync();
        var failures = 0;
        // Both wait half a second for a message that is not there.
        var shards = TryAsync("dead letters", () => deadLetters.RunAsync(cancellationToken));
        var requests = TryAsync("dead requests", () => deadRequests.RunAsync(cancellationToken));
        var dead = await shards + await requests;
        var poisoned = await TryAsync("poison queues", () => poison.RunAsync(cancellationToken))
            + await TryAsync("poisoned requests", () => poisonRequests.RunAsync(cancellationToken));
        var looked = 0;
        foreach (var active in await index.ListActiveAsync(cancellationToken))
        {
            looked += await TryAsync(active.RowKey, async () =>
            {
                await stuck.RunAsync(active.RowKey, cancellationToken);
                return 1;
            });
        }

        var expired = await TryAsync("expired files", () => DeleteExpiredAsync(cancellationToken));
        var forgotten = await TryAsync("expired operations", () => operations.DeleteExpiredAsync(cancellationToken));
        return new MaintenanceReport(looked, dead, poisoned, expired, forgotten, failures);

        async Task<int> TryAsync(string part, Func<Task<int>> work)
        {
            try
            {
                return await work();
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Interlocked.Increment(ref failures);
                LogFailed(part, exception);
                return 0;
            }
        }
    }

    private async Task<int> DeleteExpiredAsync(CancellationToken cancellationToken)
    {
        var deleted = 0;
        await foreach (var file in files.ListExpiredAsync(cancellationToken))
        {
            if (await index.FindReaderAsync(file.PartitionKey, file.RowKey, cancellationToken) is not null)
                continue;
            await files.DeleteAsync(file.PartitionKey, file.RowKey, cancellationToken);
            deleted++;
        }

        return deleted;
    }

    [LoggerMessage(1, LogLevel.Error, "Maintenance of {Part} failed; the next run tries again")]
    private partial void LogFailed(string part, Exception exception);
}

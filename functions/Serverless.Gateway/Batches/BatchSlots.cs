using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches;

/// <summary>
/// Holds a tenant to its number of batches at work, whatever gateways create them: a place can be taken once. Nothing gives places back;
/// when all are taken, those of batches that have ended are found and freed.
/// </summary>
internal sealed class BatchSlots(JobStorage storage, BatchTable batches, TimeProvider time)
{
    // Between its place and its row a batch takes milliseconds; one without a row after this time was never created.
    private static readonly TimeSpan CreationLimit = TimeSpan.FromMinutes(1);

    // When a batch ends nobody knows; one that is small takes about this long.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    /// <summary>Takes a place for <paramref name="batch"/>, which is not created yet.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="limit">How many of its tenant's batches may be at work; 0 for no limit.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="InferenceException"><see cref="ErrorKind.Overloaded"/>: there are as many.</exception>
    public async Task TakeAsync(BatchRow batch, int limit, CancellationToken cancellationToken)
    {
        if (limit == 0)
            return;
        while (true)
        {
            var taken = await ListAsync(batch.Tenant, cancellationToken);
            if (taken.Count >= limit)
            {
                if (!await FreeEndedAsync(taken, cancellationToken))
                    throw Full(batch.CallerName, limit);
                continue;
            }

            // Any of them: of many creators at once few meet at the same one.
            var free = Enumerable.Range(0, limit).Select(KeyOf).Except(taken.Select(row => row.RowKey)).ToList();
            var row = new BatchSlotRow { PartitionKey = batch.Tenant, RowKey = free[RandomNumberGenerator.GetInt32(free.Count)], Batch = batch.Id };
            if (await TryAddAsync(row, cancellationToken))
                return;
        }
    }

    private async Task<List<BatchSlotRow>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        var rows = new List<BatchSlotRow>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {tenant}");
        await foreach (var row in storage.SlotTable.QueryAsync<BatchSlotRow>(filter, cancellationToken: cancellationToken))
            rows.Add(row);
        return rows;
    }

    /// <summary>Whether there were any.</summary>
    private async Task<bool> FreeEndedAsync(List<BatchSlotRow> taken, CancellationToken cancellationToken)
    {
        var isFreed = false;
        foreach (var slot in taken)
        {
            if (!await HasEndedAsync(slot.Batch, cancellationToken))
                continue;
            isFreed = true;
            try
            {
                await storage.SlotTable.DeleteEntityAsync(slot, slot.ETag, cancellationToken);
            }
            catch (RequestFailedException exception) when (JobStorage.IsConflict(exception))
            {
                // Somebody else freed it, and took it again.
            }
        }

        return isFreed;
    }

    private async Task<bool> HasEndedAsync(string batch, CancellationToken cancellationToken) =>
        await batches.FindAsync(batch, cancellationToken) is { } row ? row.IsFinal : JobIds.AgeOf(batch, time.GetUtcNow()) > CreationLimit;

    private async Task<bool> TryAddAsync(BatchSlotRow row, CancellationToken cancellationToken)
    {
        try
        {
            await storage.SlotTable.AddEntityAsync(row, cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (JobStorage.IsConflict(exception))
        {
            return false;
        }
    }

    private static InferenceException Full(string tenant, int limit) => new(new InferenceError(
        ErrorKind.Overloaded,
        string.Create(CultureInfo.InvariantCulture, $"'{tenant}' has {limit} batches at work, which is its limit; create another one when one of them has ended."),
        RetryAfter: RetryAfter));

    private static string KeyOf(int number) => number.ToString("d4", CultureInfo.InvariantCulture);
}

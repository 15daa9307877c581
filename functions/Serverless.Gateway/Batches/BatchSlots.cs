using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches;

/// <summary>
/// Holds a tenant to its number of batches at work, whatever gateways create them: a place can be taken once. Nothing gives places back;
/// when all are taken, those of batches that have ended are found and freed. A batch that is at work without a place, because there was no
/// limit when it was created, gets one before anybody else does.
/// </summary>
internal sealed class BatchSlots(JobStorage storage, BatchTable batches, BatchIndex index, TimeProvider time)
{
    // Between its place and its row a batch takes milliseconds; one without a row after this time was never created.
    private static readonly TimeSpan CreationLimit = TimeSpan.FromMinutes(1);

    // When a batch ends nobody knows; one that is small takes about this long.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    /// <summary>Takes a place for <paramref name="batch"/>, which is not created yet or about to be run again, unless it has one.</summary>
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
            if (taken.Any(row => row.Batch == batch.Id))
                return;
            if (taken.Count >= limit)
            {
                if (!await FreeEndedAsync(taken, cancellationToken))
                    throw Full(batch.CallerName, limit);
                continue;
            }

            if (await PlaceOthersAsync(batch, taken, limit, cancellationToken))
                continue;

            // Any of them: of many creators at once few meet at the same one.
            var free = FreeOf(taken, limit);
            if (await TryAddAsync(batch.Tenant, free[RandomNumberGenerator.GetInt32(free.Count)], batch.Id, cancellationToken))
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

    private static List<string> FreeOf(List<BatchSlotRow> taken, int limit) =>
        [.. Enumerable.Range(0, limit).Select(KeyOf).Except(taken.Select(row => row.RowKey))];

    /// <summary>Gives places to the tenant's other batches that are at work without one; whether there were any.</summary>
    private async Task<bool> PlaceOthersAsync(BatchRow batch, List<BatchSlotRow> taken, int limit, CancellationToken cancellationToken)
    {
        var placed = taken.Select(row => row.Batch).Append(batch.Id).ToHashSet(StringComparer.Ordinal);
        var others = new List<string>();
        foreach (var active in await index.ListActiveAsync(cancellationToken))
        {
            if (active.Tenant == batch.Tenant && !placed.Contains(active.RowKey)
                && await batches.FindAsync(active.RowKey, cancellationToken) is { IsFinal: false })
            {
                others.Add(active.RowKey);
            }
        }

        // In the same order by whoever does it: two at once give a batch the same place.
        foreach (var (other, place) in others.Zip(FreeOf(taken, limit)))
            await TryAddAsync(batch.Tenant, place, other, cancellationToken);
        return others.Count > 0;
    }

    /// <summary>Frees places of batches that have ended, and second ones of the same batch; whether there were any.</summary>
    private async Task<bool> FreeEndedAsync(List<BatchSlotRow> taken, CancellationToken cancellationToken)
    {
        var isFreed = false;
        var holders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var slot in taken)
        {
            if (holders.Add(slot.Batch) && !await HasEndedAsync(slot.Batch, cancellationToken))
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

    private async Task<bool> TryAddAsync(string tenant, string place, string batch, CancellationToken cancellationToken)
    {
        try
        {
            await storage.SlotTable.AddEntityAsync(new BatchSlotRow { PartitionKey = tenant, RowKey = place, Batch = batch }, cancellationToken);
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

using Azure.Data.Tables;
using Serverless.Contracts.Jobs;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches;

/// <summary>Which batches a tenant has, and in which something may be due.</summary>
internal sealed class BatchIndex(JobStorage storage, BatchTable batches)
{
    private readonly TableClient _table = storage.IndexTable;

    /// <summary>Written before the batch itself: an entry without a batch is passed over, a batch without an entry would be lost.</summary>
    public async Task AddAsync(BatchRow batch, CancellationToken cancellationToken)
    {
        await AddActiveAsync(batch, batch.Weight, cancellationToken);
        await _table.UpsertEntityAsync(RowOf(batch.Tenant, batch, batch.Weight), TableUpdateMode.Replace, cancellationToken);
    }

    /// <param name="batch">The batch.</param>
    /// <param name="weight">Its part of the window; 0 when it only waits for its clean-up.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task AddActiveAsync(BatchRow batch, int weight, CancellationToken cancellationToken) =>
        _table.UpsertEntityAsync(RowOf(JobTables.ActivePartition, batch, weight), TableUpdateMode.Replace, cancellationToken);

    public Task RemoveActiveAsync(string batch, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(JobTables.ActivePartition, batch, cancellationToken: cancellationToken);

    public async Task<List<BatchIndexRow>> ListActiveAsync(CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {JobTables.ActivePartition}");
        var rows = new List<BatchIndexRow>();
        await foreach (var row in _table.QueryAsync<BatchIndexRow>(filter, cancellationToken: cancellationToken))
            rows.Add(row);
        return rows;
    }

    /// <summary>A batch of the tenant that is not finished and reads the file, or null.</summary>
    public async Task<string?> FindReaderAsync(string tenant, string file, CancellationToken cancellationToken)
    {
        foreach (var active in await ListActiveAsync(cancellationToken))
        {
            if (active.Tenant == tenant && active.InputFileId == file
                && await batches.FindAsync(active.RowKey, cancellationToken) is { IsFinal: false })
            {
                return active.RowKey;
            }
        }

        return null;
    }

    /// <summary>One page of a tenant's batches, newest first, and whether there is more.</summary>
    public async Task<(List<BatchRow> Page, bool HasMore)> ListAsync(
        string tenant, string? after, int limit, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {tenant} and RowKey gt {after ?? ""}");
        var page = new List<BatchRow>();
        await foreach (var entry in _table.QueryAsync<BatchIndexRow>(filter, maxPerPage: limit + 1, cancellationToken: cancellationToken))
        {
            if (await batches.FindAsync(entry.RowKey, cancellationToken) is not { } batch)
                continue;
            if (page.Count == limit)
                return (page, true);
            page.Add(batch);
        }

        return (page, false);
    }

    private static BatchIndexRow RowOf(string partition, BatchRow batch, int weight) => new()
    {
        PartitionKey = partition,
        RowKey = batch.Id,
        Tenant = batch.Tenant,
        InputFileId = batch.InputFileId,
        Weight = weight,
    };
}

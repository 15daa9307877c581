using Azure;
using Azure.Data.Tables;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Jobs;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches;

/// <summary>The rows of batches and shards.</summary>
internal sealed class BatchTable(JobStorage storage)
{
    private const int RowsInTransaction = 100;

    private readonly TableClient _table = storage.BatchTable;

    public async Task<BatchRow?> FindAsync(string batch, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<BatchRow>(batch, JobTables.BatchRow, cancellationToken: cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    /// <summary>The tenant's batch.</summary>
    /// <exception cref="InferenceException"><see cref="ErrorKind.NotFound"/>.</exception>
    public async Task<BatchRow> GetAsync(string tenant, string batch, CancellationToken cancellationToken) =>
        JobIds.IsBatch(batch) && await FindAsync(batch, cancellationToken) is { } row && row.Tenant == tenant
            ? row
            : throw new InferenceException(ErrorKind.NotFound, "There is no such batch.", "batch_id");

    public Task AddAsync(BatchRow row, CancellationToken cancellationToken) => _table.AddEntityAsync(row, cancellationToken);

    /// <summary>Writes a row unless somebody else changed it since it was read; then false.</summary>
    public async Task<bool> TryUpdateAsync<T>(T row, CancellationToken cancellationToken)
        where T : ITableEntity
    {
        try
        {
            var response = await _table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancellationToken);
            row.ETag = response.Headers.ETag!.Value;
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    /// <summary>
    /// Reads a batch and changes it, again and again until nobody was in between. Null when <paramref name="change"/> says no, or it is gone.
    /// </summary>
    public async Task<BatchRow?> ChangeAsync(string batch, Func<BatchRow, bool> change, CancellationToken cancellationToken)
    {
        while (await FindAsync(batch, cancellationToken) is { } row)
        {
            if (!change(row))
                return null;
            if (await TryUpdateAsync(row, cancellationToken))
                return row;
        }

        return null;
    }

    public async Task<ShardRow?> FindShardAsync(string batch, int shard, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<ShardRow>(batch, JobTables.ShardRow(shard), cancellationToken: cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    /// <summary>The shards of a batch in input order: one partition query, at most <see cref="JobLimits.MaxShards"/> rows.</summary>
    public async Task<List<ShardRow>> ListShardsAsync(string batch, CancellationToken cancellationToken)
    {
        var shards = new List<ShardRow>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {batch} and RowKey ge {"s"} and RowKey lt {"t"}");
        await foreach (var row in _table.QueryAsync<ShardRow>(filter, cancellationToken: cancellationToken))
            shards.Add(row);
        return shards;
    }

    /// <summary>
    /// Adds the shards that are not there. One that is there is left alone: it was written by an earlier validator, which cut the same shards,
    /// and may be released already.
    /// </summary>
    public async Task AddShardsAsync(string batch, IReadOnlyList<ShardRow> shards, CancellationToken cancellationToken)
    {
        while (true)
        {
            var known = (await ListShardsAsync(batch, cancellationToken)).Select(row => row.Number).ToHashSet();
            var missing = shards.Where(row => !known.Contains(row.Number)).ToList();
            if (missing.Count == 0)
                return;
            try
            {
                foreach (var chunk in missing.Chunk(RowsInTransaction))
                {
                    var actions = chunk.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row));
                    await _table.SubmitTransactionAsync(actions, cancellationToken);
                }
            }
            catch (TableTransactionFailedException exception) when (exception.Status == 409)
            {
                // Another validator of the same batch was here in between.
            }
        }
    }
}

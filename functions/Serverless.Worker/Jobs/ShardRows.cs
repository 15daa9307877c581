using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Serverless.Contracts.Jobs;

namespace Serverless.Worker.Jobs;

/// <summary>What the gateway says about a shard and its batch; of it the worker changes the epoch alone.</summary>
internal sealed class ShardRows(JobStorage storage)
{
    /// <summary>The shard's row, or null when there is none.</summary>
    public async Task<ShardRow?> FindAsync(string batch, int shard, CancellationToken cancellationToken)
    {
        var row = await GetAsync(batch, JobTables.ShardRow(shard), [JobTables.ShardStateColumn, JobTables.ShardEpoch], cancellationToken);
        return row is null
            ? null
            : new ShardRow(Enum.Parse<ShardState>(Text(row, JobTables.ShardStateColumn), ignoreCase: true), Epoch(row), row.ETag);
    }

    /// <summary>Whether the batch still wants answers.</summary>
    public async Task<bool> IsWorkedOnAsync(string batch, CancellationToken cancellationToken) =>
        await GetAsync(batch, JobTables.BatchRow, [JobTables.BatchStatus], cancellationToken) is { } row
        && BatchStatuses.IsWorkedOn(BatchStatuses.Parse(Text(row, JobTables.BatchStatus)));

    /// <summary>Raises the shard's epoch to <paramref name="epoch"/>, unless the row changed meanwhile.</summary>
    public async Task<bool> TryRaiseAsync(string batch, int shard, int epoch, ETag etag, CancellationToken cancellationToken)
    {
        var change = new TableEntity(batch, JobTables.ShardRow(shard)) { [JobTables.ShardEpoch] = epoch };
        try
        {
            await storage.Batches.UpdateEntityAsync(change, etag, TableUpdateMode.Merge, cancellationToken);
            return true;
        }
        catch (RequestFailedException error) when (error.Status is 404 or 412)
        {
            return false;
        }
    }

    private async Task<TableEntity?> GetAsync(string partition, string row, string[] columns, CancellationToken cancellationToken)
    {
        try
        {
            var found = await storage.Batches.GetEntityIfExistsAsync<TableEntity>(partition, row, columns, cancellationToken);
            return found.HasValue ? found.Value : null;
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }

    private static string Text(TableEntity row, string column) =>
        row.GetString(column) ?? throw new FormatException($"The row {row.PartitionKey}/{row.RowKey} has no {column}.");

    private static int Epoch(TableEntity row) =>
        row.GetInt32(JobTables.ShardEpoch)
        ?? throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"The row {row.PartitionKey}/{row.RowKey} has no epoch."));
}

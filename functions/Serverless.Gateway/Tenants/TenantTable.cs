using Azure;
using Azure.Data.Tables;
using Serverless.Contracts.Jobs;

namespace Serverless.Gateway.Tenants;

/// <summary>The table of tenants with limits of their own, created with the first one.</summary>
internal sealed class TenantTable(TableServiceClient tables)
{
    private const string Name = "tenants";

    private readonly TableClient _table = tables.GetTableClient(Name);

    public async Task SetAsync(TenantRow row, CancellationToken cancellationToken)
    {
        await _table.CreateIfNotExistsAsync(cancellationToken);
        await _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>Deletes a tenant's row; that there is none is what is wanted.</summary>
    public Task DeleteAsync(string tenant, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(TenantRow.Partition, TenantKey.Of(tenant), cancellationToken: cancellationToken);

    /// <summary>A tenant's row, or null.</summary>
    public async Task<TenantRow?> FindAsync(string tenant, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TenantRow>(TenantRow.Partition, TenantKey.Of(tenant), cancellationToken: cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    /// <summary>Every row, by the key of the name.</summary>
    public async Task<List<TenantRow>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = new List<TenantRow>();
        try
        {
            var all = TableClient.CreateQueryFilter($"PartitionKey eq {TenantRow.Partition}");
            await foreach (var row in _table.QueryAsync<TenantRow>(all, cancellationToken: cancellationToken))
                rows.Add(row);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            // No tenant ever had limits of its own.
        }

        return rows;
    }
}

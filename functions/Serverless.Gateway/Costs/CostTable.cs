using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Serverless.Contracts.Costs;

namespace Serverless.Gateway.Costs;

/// <summary>Reads what replicas wrote.</summary>
internal sealed class CostTable(TableServiceClient tables)
{
    private readonly TableClient _table = tables.GetTableClient(CostTables.Costs);

    /// <summary>The rows of the days from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    public async Task<IReadOnlyList<CostRow>> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {KeyOf(from)} and PartitionKey le {KeyOf(to)}");
        var rows = new List<CostRow>();
        try
        {
            await foreach (var row in _table.QueryAsync<CostRow>(filter, cancellationToken: cancellationToken))
                rows.Add(row);
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            // No replica with a price has run yet.
        }

        return rows;
    }

    private static string KeyOf(DateOnly day) => day.ToString(CostTables.DayFormat, CultureInfo.InvariantCulture);
}

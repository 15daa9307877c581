using System.Globalization;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Costs;

namespace Serverless.Worker.Costs;

/// <summary>Writes a replica's totals. Its rows are its own: written again they are the same.</summary>
internal sealed class CostTable(TableClient table, IOptions<CostOptions> options)
{
    // What one transaction of a table takes.
    private const int MostAtOnce = 100;

    // Of this life of the process: the next one begins with rows of its own, and takes nothing from these.
    private readonly string _replica = Guid.NewGuid().ToString("N");

    public async Task WriteAsync(DayTotals totals, CancellationToken cancellationToken)
    {
        foreach (var day in totals.Changed().ToList())
        {
            await table.CreateIfNotExistsAsync(cancellationToken);
            foreach (var rows in day.Chunk(MostAtOnce))
            {
                await table.SubmitTransactionAsync(
                    rows.Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, RowOf(row))), cancellationToken);
                Array.ForEach(rows, row => row.Written());
            }
        }
    }

    private TableEntity RowOf(DayTotal total) => new(
        total.Day.ToString(CostTables.DayFormat, CultureInfo.InvariantCulture), $"{_replica}-{total.Number:d6}")
    {
        // As it came over HTTP, where a header takes no letters beyond ASCII.
        [CostTables.Tenant] = Uri.UnescapeDataString(total.Tenant),
        [CostTables.Model] = total.Model,
        [CostTables.Pool] = options.Value.Pool,
        [CostTables.Currency] = options.Value.Currency,
        [CostTables.Nanos] = total.Nanos,
        [CostTables.DeviceSeconds] = total.Device.TotalSeconds,
        [CostTables.Requests] = total.Requests,
    };
}

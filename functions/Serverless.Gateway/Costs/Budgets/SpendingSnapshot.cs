using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Serverless.Contracts.Costs;
using Serverless.Trust;

namespace Serverless.Gateway.Costs.Budgets;

/// <summary>
/// What tenants have spent, no longer than <see cref="MaxAge"/> ago. While storage cannot be read the last figures hold, as far as they are of
/// this day and month.
/// </summary>
internal sealed partial class SpendingSnapshot
{
    /// <summary>How old figures may be; under load they are read again in the background after half of it.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    private readonly CostTable _table;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Snapshot<FrozenDictionary<string, Spending>> _tenants;
    private FrozenDictionary<string, Spending> _last = FrozenDictionary<string, Spending>.Empty;

    public SpendingSnapshot(CostTable table, TimeProvider time, ILogger<SpendingSnapshot> logger)
    {
        (_table, _time, _logger) = (table, time, logger);
        _tenants = new(ReadAsync, MaxAge, pause: TimeSpan.Zero, time);
    }

    private DateOnly Today => DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);

    /// <summary>What <paramref name="tenant"/> has spent.</summary>
    public async ValueTask<Spending> OfAsync(string tenant) => (await _tenants.GetAsync()).GetValueOrDefault(tenant).On(Today);

    private async Task<FrozenDictionary<string, Spending>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var today = Today;
            var key = today.ToString(CostTables.DayFormat, CultureInfo.InvariantCulture);
            var rows = await _table.ReadAsync(new DateOnly(today.Year, today.Month, 1), today, cancellationToken);
            return _last = rows.GroupBy(row => row.Tenant, StringComparer.Ordinal).ToFrozenDictionary(
                group => group.Key,
                group => new Spending(today, Sum(group.Where(row => row.PartitionKey == key)), Sum(group)),
                StringComparer.Ordinal);
        }
#pragma warning disable CA1031 // Budgets must not stop requests because storage does.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogNotRead(_logger, error);
            return _last;
        }
    }

    private static decimal Sum(IEnumerable<CostRow> rows) => (decimal)rows.Sum(row => row.Nanos) / CostTables.NanosPerUnit;

    [LoggerMessage(1, LogLevel.Warning, "Costs could not be read; budgets hold by the last figures")]
    private static partial void LogNotRead(ILogger logger, Exception error);
}

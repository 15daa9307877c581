using System.Globalization;
using Microsoft.Extensions.Logging;
using Serverless.Contracts.Costs;

namespace Serverless.Gateway.Costs.Budgets;

/// <summary>
/// What tenants have spent, read again in the background once it is older than <see cref="MaxAge"/>: no request but the first waits for
/// storage. While storage cannot be read the last figures hold.
/// </summary>
internal sealed partial class SpendingSnapshot(CostTable table, TimeProvider time, ILogger<SpendingSnapshot> logger)
{
    /// <summary>How old figures may be before they are read again.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(15);

    private static readonly Dictionary<string, Spending> Nothing = [];

    private readonly Lock _gate = new();
    private Task<Dictionary<string, Spending>>? _latest;
    private Task? _reading;
    private long _readAt;

    /// <summary>What <paramref name="tenant"/> has spent.</summary>
    public async ValueTask<Spending> OfAsync(string tenant)
    {
        Task<Dictionary<string, Spending>> latest;
        lock (_gate)
        {
            if (_latest is null || (_reading is { IsCompleted: true } && time.GetElapsedTime(_readAt) >= MaxAge))
            {
                _readAt = time.GetTimestamp();
                var read = ReadAsync(_latest);
                _reading = read;
                _latest ??= read;
                _ = read.ContinueWith(Take, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }

            latest = _latest;
        }

        return (await latest).GetValueOrDefault(tenant);
    }

    private void Take(Task<Dictionary<string, Spending>> read)
    {
        lock (_gate)
            _latest = read;
    }

    private async Task<Dictionary<string, Spending>> ReadAsync(Task<Dictionary<string, Spending>>? before)
    {
        try
        {
            var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
            var key = today.ToString(CostTables.DayFormat, CultureInfo.InvariantCulture);
            var rows = await table.ReadAsync(new DateOnly(today.Year, today.Month, 1), today, CancellationToken.None);
            return rows.GroupBy(row => row.Tenant, StringComparer.Ordinal).ToDictionary(
                group => group.Key, group => new Spending(Sum(group.Where(row => row.PartitionKey == key)), Sum(group)), StringComparer.Ordinal);
        }
#pragma warning disable CA1031 // Budgets must not stop requests because storage does.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogNotRead(logger, error);
            return before is null ? Nothing : await before;
        }
    }

    private static decimal Sum(IEnumerable<CostRow> rows) => (decimal)rows.Sum(row => row.Nanos) / CostTables.NanosPerUnit;

    [LoggerMessage(1, LogLevel.Warning, "Costs could not be read; budgets hold by the last figures")]
    private static partial void LogNotRead(ILogger logger, Exception error);
}

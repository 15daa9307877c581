using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Gateway.Costs.Budgets;
using Serverless.Gateway.RateLimits;
using Serverless.Trust;

namespace Serverless.Gateway.Tenants;

/// <summary>
/// The limits of tenants: their own ones, as the table had them no longer than <see cref="MaxAge"/> ago, over those of the configuration.
/// While the table cannot be read the last ones hold: storage that fails stops nobody.
/// </summary>
internal sealed partial class LimitBook
{
    /// <summary>How long a change made elsewhere may take to be seen here.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    // A request waits for this when nothing was asked for as long as a copy holds: better without than later.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TenantTable _table;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TenantLimits _usual;
    private readonly Dictionary<string, TenantLimits> _configured;
    private readonly Snapshot<FrozenDictionary<string, TenantLimits>> _own;
    private FrozenDictionary<string, TenantLimits> _last = FrozenDictionary<string, TenantLimits>.Empty;

    public LimitBook(
        TenantTable table, IOptions<RateLimitOptions> limits, IOptions<BudgetOptions> budgets, TimeProvider time, ILogger<LimitBook> logger)
    {
        (_table, _time, _logger) = (table, time, logger);
        var usual = limits.Value;
        _usual = new TenantLimits(
            usual.RequestsPerMinute, usual.TokensPerMinute, usual.RowsPerMinute, usual.ConcurrentRequests, usual.ConcurrentBatches);
        _configured = budgets.Value.Budgets.ToDictionary(
            budget => budget.Tenant, budget => _usual with { Budget = budget }, StringComparer.Ordinal);
        _own = new(ReadAsync, MaxAge, pause: TimeSpan.Zero, time);
    }

    /// <summary>The limits that hold for <paramref name="tenant"/>.</summary>
    public async ValueTask<TenantLimits> OfAsync(string tenant) =>
        (await _own.GetAsync()).TryGetValue(tenant, out var limits) ? limits : Configured(tenant);

    /// <summary>The limits that the configuration has for <paramref name="tenant"/>.</summary>
    public TenantLimits Configured(string tenant) => _configured.GetValueOrDefault(tenant, _usual);

    /// <summary>A tenant's limits were changed here: the next request sees it.</summary>
    public void Invalidate() => _own.Invalidate();

    private async Task<FrozenDictionary<string, TenantLimits>> ReadAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return _last = (await _table.ListAsync(both.Token)).ToFrozenDictionary(
                row => row.Tenant, row => row.Over(Configured(row.Tenant)), StringComparer.Ordinal);
        }
#pragma warning disable CA1031 // Limits must not stop requests because storage does.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogNotRead(_logger, error);
            return _last;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The limits of tenants could not be read; the last ones hold")]
    private static partial void LogNotRead(ILogger logger, Exception error);
}

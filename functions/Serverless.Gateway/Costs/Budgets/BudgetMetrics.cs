using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Serverless.Contracts.Telemetry;

namespace Serverless.Gateway.Costs.Budgets;

/// <summary>Metrics of budgets; tenants without one are not among them.</summary>
internal sealed class BudgetMetrics
{
    private readonly ConcurrentDictionary<(string Tenant, string Period), (DateOnly Day, double Part)> _used = [];
    private readonly Counter<long> _refused;
    private readonly TimeProvider _time;

    public BudgetMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(MetricNames.GatewayMeter);
        _refused = meter.CreateCounter<long>(
            MetricNames.GatewayBudgetRefused, "{request}", "Requests refused because a budget is spent, by tenant and period.");
        meter.CreateObservableGauge(MetricNames.GatewayBudgetUsed, Observe, "1", "The part of a budget that is spent, by tenant and period.");
    }

    private DateOnly Today => DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);

    public void Refused(string tenant, string period) => _refused.Add(1, new("tenant", tenant), new("period", period));

    /// <param name="tenant">The tenant.</param>
    /// <param name="period"><c>day</c> or <c>month</c>, the present one.</param>
    /// <param name="part">The part that is spent.</param>
    public void Used(string tenant, string period, double part)
    {
        var (key, used) = ((tenant, period), (Today, part));
        // It changes as often as the totals are read, not with every request.
        if (!_used.TryGetValue(key, out var last) || last != used)
            _used[key] = used;
    }

    // Not what was spent of a day or month that is over: its tenant may never ask again, and an alert would stay.
    private IEnumerable<Measurement<double>> Observe()
    {
        var today = Today;
        return from used in _used
               let day = used.Value.Day
               where used.Key.Period == "day" ? day == today : (day.Year, day.Month) == (today.Year, today.Month)
               select new Measurement<double>(used.Value.Part, new("tenant", used.Key.Tenant), new("period", used.Key.Period));
    }
}

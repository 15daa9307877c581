using System.Diagnostics.Metrics;
using Serverless.Contracts.Telemetry;

namespace Serverless.Gateway.Costs.Budgets;

/// <summary>Metrics of budgets; tenants without one are not among them.</summary>
internal sealed class BudgetMetrics
{
    private readonly Counter<long> _refused;
    private readonly Gauge<double> _used;

    public BudgetMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MetricNames.GatewayMeter);
        _refused = meter.CreateCounter<long>(
            MetricNames.GatewayBudgetRefused, "{request}", "Requests refused because a budget is spent, by tenant and period.");
        _used = meter.CreateGauge<double>(MetricNames.GatewayBudgetUsed, "1", "The part of a budget that is spent, by tenant and period.");
    }

    public void Refused(string tenant, string period) => _refused.Add(1, new("tenant", tenant), new("period", period));

    public void Used(string tenant, string period, double part) => _used.Record(part, new("tenant", tenant), new("period", period));
}

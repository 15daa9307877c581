using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Telemetry;

namespace Serverless.Worker.Costs;

/// <summary>Metrics of costs. There are no more tenants in them than in the engine's accounts.</summary>
internal sealed class CostMetrics
{
    private readonly Counter<double> _charged;
    private readonly Counter<double> _device;
    private readonly string _pool;

    public CostMetrics(IMeterFactory meters, ReplicaPrice price, IOptions<CostOptions> options)
    {
        var meter = meters.Create(MetricNames.WorkerMeter);
        _charged = meter.CreateCounter<double>(
            MetricNames.CostCharged, $"{{{price.Currency}}}", "What the replica cost, by tenant, model and pool.");
        _device = meter.CreateCounter<double>(
            MetricNames.CostDeviceTime, "s", "For how long models ran, by tenant, model and pool.");
        _pool = options.Value.Pool;
    }

    public void Charged(Charge charge, double amount)
    {
        var tags = new TagList { { "tenant", charge.Tenant }, { "model", charge.Model }, { "pool", _pool } };
        _charged.Add(amount, tags);
        _device.Add(charge.Device.TotalSeconds, tags);
    }
}

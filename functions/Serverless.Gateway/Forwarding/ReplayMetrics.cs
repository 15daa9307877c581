using System.Diagnostics.Metrics;
using Serverless.Contracts.Telemetry;

namespace Serverless.Gateway.Forwarding;

/// <summary>What is counted about requests that were sent twice.</summary>
internal sealed class ReplayMetrics
{
    private readonly Counter<long> _replays;

    public ReplayMetrics(IMeterFactory meters)
    {
        _replays = meters.Create(MetricNames.GatewayMeter).CreateCounter<long>(
            MetricNames.GatewayReplays, "{request}", "Requests that were sent again after their replica was lost, by reason.");
        // A rate needs a beginning: the first replay would not be seen otherwise.
        foreach (var reason in new[] { Loss.Unreached, Loss.Broken, Loss.Ingress })
            _replays.Add(0, new KeyValuePair<string, object?>("reason", reason));
    }

    public void Add(string reason) => _replays.Add(1, new KeyValuePair<string, object?>("reason", reason));
}

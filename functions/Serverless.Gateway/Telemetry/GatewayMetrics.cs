using System.Diagnostics;
using System.Diagnostics.Metrics;
using Serverless.Contracts.Telemetry;

namespace Serverless.Gateway.Telemetry;

/// <summary>What the gateway counts.</summary>
internal sealed class GatewayMetrics
{
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _queued;

    public GatewayMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MetricNames.GatewayMeter);
        _requests = meter.CreateCounter<long>(MetricNames.GatewayRequests, "{request}", "HTTP requests by API, caller and status.");
        _duration = meter.CreateHistogram<double>(MetricNames.GatewayDuration, "s", "Time from a request's arrival to the end of its answer.");
        _queued = meter.CreateCounter<long>(MetricNames.GatewayQueued, "{message}", "Queued requests by outcome.");
    }

    /// <param name="api"><c>openai</c>, <c>open-inference</c>, <c>operator</c> or <c>console</c>.</param>
    /// <param name="caller">Name of the key, or <c>unknown</c>.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="took">How long it took.</param>
    public void AddRequest(string api, string caller, int status, TimeSpan took)
    {
        var tags = new TagList { { "api", api }, { "caller", caller }, { "status", status } };
        _requests.Add(1, tags);
        _duration.Record(took.TotalSeconds, new TagList { { "api", api } });
    }

    /// <param name="outcome"><c>sent</c>, <c>duplicate</c>, <c>refused</c>, <c>delayed</c>, or <c>invalid</c> for each delivery of a message without an id.</param>
    public void AddQueued(string outcome) => _queued.Add(1, new TagList { { "outcome", outcome } });
}

using System.Diagnostics.Metrics;
using Serverless.Contracts.Telemetry;

namespace Serverless.Gateway.Holding;

/// <summary>What is counted about requests that wait for a replica.</summary>
internal sealed class HoldingMetrics
{
    /// <summary>A replica answered.</summary>
    public const string Answered = "answered";

    /// <summary>Everybody who waited left before one did.</summary>
    public const string Abandoned = "abandoned";

    /// <summary>A held request was let through.</summary>
    public const string Released = "released";

    /// <summary>A held request waited for too long.</summary>
    public const string TimedOut = "timeout";

    /// <summary>A held request's client left.</summary>
    public const string Left = "left";

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 200],
    };

    private readonly UpDownCounter<long> _held;
    private readonly Histogram<double> _hold;
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _wakeUp;

    public HoldingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MetricNames.GatewayMeter);
        _held = meter.CreateUpDownCounter<long>(MetricNames.GatewayHeld, "{request}", "Requests that wait for a replica.");
        _hold = meter.CreateHistogram(MetricNames.GatewayHoldDuration, "s", "How long requests waited for a replica, by outcome.", advice: Seconds);
        _refused = meter.CreateCounter<long>(
            MetricNames.GatewayHoldRefused, "{request}", "Requests refused because as many wait as may, by the bound that was met.");
        // A rate needs a beginning: the first refusal would not be seen otherwise.
        foreach (var bound in new[] { "all", "model", "caller" })
            _refused.Add(0, new KeyValuePair<string, object?>("bound", bound));
        _wakeUp = meter.CreateHistogram(MetricNames.GatewayWakeUpDuration, "s", "How long waking a replica took, by outcome.", advice: Seconds);
    }

    public void Enter() => _held.Add(1);

    /// <param name="outcome"><c>released</c>, <c>timeout</c>, <c>left</c>.</param>
    /// <param name="waited">How long it waited.</param>
    public void Leave(string outcome, TimeSpan waited)
    {
        _held.Add(-1);
        _hold.Record(waited.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
    }

    /// <param name="bound"><c>all</c>, <c>model</c> or <c>caller</c>.</param>
    public void Refuse(string bound) => _refused.Add(1, new KeyValuePair<string, object?>("bound", bound));

    public void AddWakeUp(string outcome, TimeSpan took) =>
        _wakeUp.Record(took.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
}

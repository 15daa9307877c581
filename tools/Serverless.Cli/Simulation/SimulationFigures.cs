using System.Globalization;
using Serverless.Simulation;

namespace Serverless.Cli.Simulation;

/// <summary>The figures of a simulation as table and page show them.</summary>
internal static class SimulationFigures
{
    public static IReadOnlyList<(string Name, string Value)> Of(SimulationResult result, ReplicaPrice price)
    {
        var (cost, alwaysOn) = (price.Of(result.ReplicaSeconds), price.Of(result.AlwaysOnReplicaSeconds));
        return
        [
            ("Requests", Number(result.Requests)),
            ("Answered", Number(result.Answered)),
            ("Refused, too many held (429)", Number(result.Refused)),
            ("Timed out at the ingress (504)", Number(result.TimedOut)),
            ("Cut at the end of the drain time", Number(result.Cut)),
            ("Time played", result.Duration.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture)),
            ("Wait p50 / p99 / longest", Waits(result.Waits)),
            ("Answer complete p50 / p99", $"{Seconds(result.Latencies.Quantile(0.5))} / {Seconds(result.Latencies.Quantile(0.99))}"),
            ("Waited for a cold start", Percent(result.ColdShare)),
            .. result.Messages > 0 ? Messages(result) : [],
            ("Replicas started / at the peak", $"{Number(result.Starts)} / {Number(result.PeakReplicas)}"),
            ("Replica-seconds", Number(result.ReplicaSeconds)),
            ("Replica-seconds always on, as many as the peak", Number(result.AlwaysOnReplicaSeconds)),
            ("Cost", Money(cost, price.Currency)),
            ("Cost always on", Money(alwaysOn, price.Currency)),
            ("Cost as a share of always on", alwaysOn > 0 ? Percent(cost / alwaysOn) : "-"),
        ];
    }

    private static IReadOnlyList<(string Name, string Value)> Messages(SimulationResult result) =>
    [
        ("Messages", Number(result.Messages)),
        ("Messages done / left in their queues", $"{Number(result.MessagesDone)} / {Number(result.MessagesLeft)}"),
        ("Messages given back, to begin anew", Number(result.MessagesRedelivered)),
        ("Message wait p50 / p99 / longest", Waits(result.MessageWaits)),
    ];

    private static string Waits(DurationHistogram waits) =>
        $"{Seconds(waits.Quantile(0.5))} / {Seconds(waits.Quantile(0.99))} / {Seconds(waits.Max)}";

    private static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.000} s");

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");

    private static string Money(double sum, string currency) => string.Create(CultureInfo.InvariantCulture, $"{sum:#,0.0000} {currency}");
}

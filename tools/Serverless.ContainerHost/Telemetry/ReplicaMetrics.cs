using System.Diagnostics.Metrics;
using Serverless.ContainerHost.Ingress;
using Serverless.ContainerHost.Replicas;

namespace Serverless.ContainerHost.Telemetry;

/// <summary>The metrics of the app's replicas: once for OpenTelemetry, once for <c>/metrics</c>.</summary>
internal sealed class ReplicaMetrics
{
    public const string MeterName = "Serverless.ContainerHost";

    public ReplicaMetrics(ReplicaPool pool, Rotation rotation, IngressLoad load, IMeterFactory meters)
    {
        All =
        [
            new("serverless.replicas.count", "{replica}", "Replicas by state; those that ended are not counted.", false, () => Count(pool)),
            Gauge("serverless.replicas.desired", "{replica}", "Replicas that the scale rules want.", () => pool.Desired),
            Gauge("serverless.replicas.requests", "{request}", "Requests that are held or being answered.", () => load.InFlight),
            Gauge("serverless.replicas.held", "{request}", "Requests that wait for a replica.", () => rotation.Held),
            Gauge("serverless.replicas.concurrency", "{request}", "What the HTTP rule scales by.", () => load.Concurrency),
            Counter("serverless.replicas.crashes", "{replica}", "Replicas that ended unasked.", () => pool.Crashes),
            Counter("serverless.replicas.time", "s", "How long replicas have run, all together.", () => pool.Time.TotalSeconds),
        ];
        var meter = meters.Create(MeterName);
        foreach (var measure in All)
        {
            if (measure.IsCounter)
                meter.CreateObservableCounter(measure.Name, measure.Read, measure.Unit, measure.Description);
            else
                meter.CreateObservableGauge(measure.Name, measure.Read, measure.Unit, measure.Description);
        }
    }

    public IReadOnlyList<Measure> All { get; }

    private static IEnumerable<Measurement<double>> Count(ReplicaPool pool)
    {
        var running = pool.Replicas.Where(replica => replica.Ended is null).ToLookup(replica => replica.State);
        return Enum.GetValues<ReplicaState>()
            .Where(state => state is not (ReplicaState.Stopped or ReplicaState.Crashed))
            .Select(state => new Measurement<double>(running[state].Count(), new KeyValuePair<string, object?>("state", state.ToString())));
    }

    private static Measure Gauge(string name, string unit, string description, Func<double> read) =>
        new(name, unit, description, false, () => [new Measurement<double>(read())]);

    private static Measure Counter(string name, string unit, string description, Func<double> read) =>
        new(name, unit, description, true, () => [new Measurement<double>(read())]);
}

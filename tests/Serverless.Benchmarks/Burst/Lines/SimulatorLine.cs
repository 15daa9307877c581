using Serverless.Scaling;
using Serverless.Simulation;
using Serverless.Topology.Layout;

namespace Serverless.Benchmarks.Burst.Lines;

/// <summary>
/// A scripted burst on the container host with real workers, and the simulator on the arrivals that were recorded, with the cold starts and
/// service times of the same run. Clocks of the rules thirty times as fast in both.
/// </summary>
internal static class SimulatorLine
{
    private const string Seconds = "simulator_replica_seconds_error";
    private const string Wait = "simulator_p99_wait_error";

    // A burst takes half a minute, to zero and back.
    private const int MostRounds = 5;

    public static BurstLine Line { get; } = new(Seconds, MeasureAsync);

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(BurstBench bench, CancellationToken cancellationToken)
    {
        var emulators = await bench.EmulatorsAsync(cancellationToken);
        await ScriptedBurst.PushModelAsync(emulators.Storage.ConnectionString);
        var rounds = Math.Min(MostRounds, bench.Options.Rounds);
        List<(BurstRecord Real, SimulationResult Simulated)> runs = [];
        await using var containers = await BurstContainers.StartAsync(emulators, Path.Combine(bench.Folder, "containers"), cancellationToken);

        // Round -1 brings the programs' files into memory; it is not counted.
        for (var round = -1; round < rounds; round++)
        {
            var record = await ScriptedBurst.RunAsync(containers, seed: round + 2, cancellationToken);
            var simulated = Simulate(record);
            bench.Say(FormattableString.Invariant(
                $"round {round}: replica-seconds {record.ReplicaSeconds:0.0} / {simulated.ReplicaSeconds:0.0}, p99 wait {record.P99Wait.TotalSeconds:0.00} / {P99(simulated):0.00} s, peak {record.PeakReplicas} / {simulated.PeakReplicas}"));
            if (round >= 0)
                runs.Add((record, simulated));
        }

        return
        [
            Error(Seconds, "s", runs.Select(run => (run.Real.ReplicaSeconds, run.Simulated.ReplicaSeconds))),
            Error(Wait, "s", runs.Select(run => (run.Real.P99Wait.TotalSeconds, P99(run.Simulated)))),
        ];
    }

    private static SimulationResult Simulate(BurstRecord record)
    {
        var rules = ScaleRules.Load(Path.Combine(Repository.Find().Root, "infra", "scale.json")).Worker with { MaxReplicas = BurstContainers.MaxReplicas };
        var profile = ServiceProfile.Default with
        {
            Concurrency = 1,
            Service = new ServiceTimes(record.Service.TotalMilliseconds, 0, 0),
            ColdStart = new Simulation.ColdStart(0, record.ColdStart.TotalSeconds, 0, 0),
        };
        return new ScaleSimulation(rules, ScaleTimes.Of(rules).Compressed(BurstContainers.Speed), profile)
            .Run(record.Arrivals.Select(at => new Arrival(at, 0, 0)), seed: 1, record.RulesSince);
    }

    private static double P99(SimulationResult result) => result.Waits.Quantile(0.99).TotalSeconds;

    private static Figure Error(string metric, string unit, IEnumerable<(double Real, double Simulated)> runs)
    {
        var all = runs.ToList();
        return new Figure("burst", metric, Medians.Of([.. all.Select(run => Math.Abs((run.Simulated / run.Real) - 1))]), "ratio")
        {
            Ours = Medians.Of([.. all.Select(run => run.Simulated)]),
            Baseline = Medians.Of([.. all.Select(run => run.Real)]),
            N = all.Count,
        };
    }
}

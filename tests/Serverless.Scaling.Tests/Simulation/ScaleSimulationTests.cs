using Serverless.Simulation;

namespace Serverless.Scaling.Tests.Simulation;

/// <summary>Runs that are worked out by hand: a start takes 2 s, a request 1 s, a replica works on one at a time.</summary>
public sealed class ScaleSimulationTests
{
    private static readonly ServiceProfile Exact = new(1, new ServiceTimes(1000, 0, 0), new ColdStart(0, 2, 0, 0), new ReplicaPrice());

    [Fact]
    public void Run_OneRequestAtZero_WaitsForTheStartAndCostsUntilTheCooldownIsOver()
    {
        var result = Run(Examples.Rules(), At(0));

        // Active when it came; at 15 s it is out of the window. 300 s later, at the poll of 300 s, the replica goes.
        Assert.Equal((1, 1, 1, 1), (result.Requests, result.Answered, result.Held, result.Starts));
        Assert.Equal(2, result.Waits.Max.TotalSeconds);
        Assert.Equal(3, result.Latencies.Max.TotalSeconds);
        Assert.Equal(300, result.ReplicaSeconds);
        Assert.Equal(300, result.AlwaysOnReplicaSeconds);
        Assert.Equal(1, result.ColdShare);
    }

    [Fact]
    public void Run_RequestsAtOnce_QueueInTheReplicaBehindEachOther()
    {
        var result = Run(Examples.Rules(), At(0), At(0), At(0));

        Assert.Equal(3, result.Answered);
        Assert.Equal(4, result.Waits.Max.TotalSeconds);
        Assert.Equal(3, result.Waits.Mean.TotalSeconds);
    }

    [Fact]
    public void Run_Concurrency_WorksSideBySide()
    {
        var result = Run(Examples.Rules(), Exact with { Concurrency = 3 }, At(0), At(0), At(0));

        Assert.Equal(2, result.Waits.Max.TotalSeconds);
    }

    [Fact]
    public void Run_ReplicaIsReady_NextOneWaitsForNothing()
    {
        var result = Run(Examples.Rules(), At(0), At(100));

        Assert.Equal((1, 0.5), (result.Held, result.ColdShare));
        Assert.Equal(0, result.Waits.Quantile(0.5).TotalSeconds);
    }

    [Fact]
    public void Run_LastRequestAloneAfterLong_CostsUntilItsCooldownIsOverToo()
    {
        var result = Run(Examples.Rules(), At(0), At(250), At(500), At(800));

        // It is in the window at 810 s still: 300 s later, at the poll of 1,110 s, the replica goes.
        Assert.Equal((1, 1110), (result.Starts, result.ReplicaSeconds));
    }

    [Fact]
    public void Run_TwoReplicas_TakeTurns()
    {
        var result = Run(Examples.Rules(min: 2), At(10), At(10), At(10), At(10));

        Assert.Equal(1, result.Waits.Max.TotalSeconds);
        Assert.Equal(0.5, result.Waits.Mean.TotalSeconds);
    }

    [Fact]
    public void Run_MoreThanMayBeHeld_RefusesTheRest()
    {
        var result = Run(Examples.Rules() with { MaxHeldRequests = 2 }, At(0), At(0), At(0), At(1));

        Assert.Equal((4, 2, 2, 2), (result.Requests, result.Held, result.Refused, result.Answered));
    }

    [Fact]
    public void Run_StartBeyondTheIngressPatience_TimesOut()
    {
        var result = Run(Examples.Rules(), Exact with { ColdStart = new ColdStart(300, 0, 0, 0) }, At(0), At(100));

        Assert.Equal((1, 1), (result.TimedOut, result.Answered));
    }

    [Fact]
    public void Run_Load_ClimbsAndFallsAsTheScalerSays()
    {
        // 60 requests a second for a minute are six times ten: from 1 by way of 4 to 6, and 300 s after the last such reading down.
        var arrivals = Enumerable.Range(0, 60 * 60).Select(i => At(i / 60.0)).ToArray();
        var result = Run(Examples.Rules(), Exact with { Concurrency = 100, ColdStart = new ColdStart(0, 1, 0, 0) }, arrivals);

        Assert.Equal((3600, 6, 6), (result.Answered, result.PeakReplicas, result.Starts));
        Assert.Equal([1, 4, 6, 1], Steps(result.Timeline.Asked));
    }

    [Fact]
    public void Run_ScaleInUnderLongWork_AnswersWhatReplicasHaveOrCutsItAtTheGrace()
    {
        // Work of 1,000 s is still there when the grace of 60 s of a replica that is too many is over.
        var slow = Exact with { Service = new ServiceTimes(1000, 1, 0) };
        var load = Enumerable.Range(0, 40).Select(_ => new Arrival(Examples.Start, 0, 0)).ToList();
        load.AddRange(Enumerable.Range(0, 4).Select(_ => new Arrival(Examples.Start.AddSeconds(60), 1_000_000, 0)));
        var result = new ScaleSimulation(Examples.Rules() with { HttpConcurrency = 1 }, Times(), slow).Run(load, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(result.Requests, result.Answered + result.Cut + result.TimedOut);
        Assert.True(result.Cut > 0);
    }

    [Fact]
    public void Run_SameSeed_IsTheSameAndAnotherIsNot()
    {
        var load = new SyntheticLoad(2000, 1, 20, TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(20), 100, 10);

        var (one, same, other) = (Random(load, 7), Random(load, 7), Random(load, 8));

        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void Run_StartBeforeTheFirstArrival_CountsTheIntervalsFromThere()
    {
        // Evaluations at multiples of 15 s: the request of second 14 is open in that of second 15 and out of the window in that of
        // second 30. 300 s after second 15 it is second 315; the next poll is that of second 330.
        var result = new ScaleSimulation(Examples.Rules(), Times(), Exact).Run(
            [At(14)], start: Examples.Start, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(330 - 14, result.ReplicaSeconds);
    }

    [Fact]
    public void Run_ArrivalsOutOfOrder_AreRefused() => Assert.Throws<ArgumentException>(() => Run(Examples.Rules(), At(5), At(4)));

    [Fact]
    public void Run_NoArrivals_IsEmpty() => Assert.Equal(0, Run(Examples.Rules()).ReplicaSeconds);

    [Fact]
    public void Run_WindowThatStaysOpen_Ends() => Assert.Equal(
        2, Run(Examples.Rules(preWarm: new PreWarmWindow("0 0 1 1 *", "59 23 31 12 *", "UTC", 2)), At(0), At(60)).PeakReplicas);

    private static (double, TimeSpan, long) Random(SyntheticLoad load, int seed)
    {
        var result = new ScaleSimulation(Examples.Rules(), Times(), ServiceProfile.Default).Run(load.From(Examples.Start, seed), seed);
        return (result.ReplicaSeconds, result.Waits.Quantile(0.99), result.Answered);
    }

    private static SimulationResult Run(WorkerScale rules, params Arrival[] arrivals) => Run(rules, Exact, arrivals);

    private static SimulationResult Run(WorkerScale rules, ServiceProfile profile, params Arrival[] arrivals) =>
        new ScaleSimulation(rules, ScaleTimes.Of(rules), profile).Run(arrivals, start: Examples.Start);

    private static ScaleTimes Times() => ScaleTimes.Of(Examples.Rules());

    private static Arrival At(double seconds) => new(Examples.Start.AddSeconds(seconds), 0, 0);

    private static List<int> Steps(ReadOnlySpan<int> asked)
    {
        var steps = new List<int>();
        foreach (var replicas in asked)
        {
            if (steps.Count == 0 || steps[^1] != replicas)
                steps.Add(replicas);
        }

        return steps;
    }
}

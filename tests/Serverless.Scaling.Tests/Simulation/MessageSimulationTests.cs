using Serverless.Simulation;

namespace Serverless.Scaling.Tests.Simulation;

/// <summary>
/// Messages, worked out by hand: a start takes 2 s, a message 1 s and as long again as it has tokens in milliseconds. The queue <c>work</c> is asked
/// every 30 s and wakes a replica by more than two messages.
/// </summary>
public sealed class MessageSimulationTests
{
    private static readonly ServiceProfile Exact = new(100, new ServiceTimes(1000, 1, 0), new ColdStart(0, 2, 0, 0), new ReplicaPrice());

    [Fact]
    public void Run_MessagesAtZero_WakeAReplicaAtTheNextPoll()
    {
        var result = Run(Examples.Rules(), Exact, Message(0), Message(0), Message(0));

        // Seen at 30 s, taken at 32 s, done at 33 s; 300 s after the poll that saw them the replica goes.
        Assert.Equal((3, 3, 0, 0), (result.Messages, result.MessagesDone, result.MessagesRedelivered, result.MessagesLeft));
        Assert.Equal((32, 32), (result.MessageWaits.Mean.TotalSeconds, result.MessageWaits.Max.TotalSeconds));
        Assert.Equal((1, 300), (result.Starts, result.ReplicaSeconds));
        Assert.Equal((0, 0), (result.Requests, result.Waits.Count));
    }

    [Fact]
    public void Run_NoMoreMessagesThanTheActivation_WakeNobodyAndAreLeft()
    {
        var result = Run(Examples.Rules(), Exact, Message(0), Message(0));

        Assert.Equal((0, 2, 0), (result.Starts, result.MessagesLeft, result.MessageWaits.Count));
    }

    [Fact]
    public void Run_RequestWakesAReplica_ItTakesWhatWaitsInTheQueueToo()
    {
        var result = Run(Examples.Rules(), Exact, Message(0), Message(0), new Arrival(Examples.Start.AddSeconds(10), 0, 0));

        Assert.Equal((1, 2, 12), (result.Answered, result.MessagesDone, result.MessageWaits.Max.TotalSeconds));
    }

    [Fact]
    public void Run_OnePlace_WorksOneMessageAfterAnother()
    {
        var result = Run(Examples.Rules(), Exact with { Queues = Work(new QueueProfile(1)) }, Message(0), Message(0), Message(0));

        Assert.Equal((33, 34), (result.MessageWaits.Mean.TotalSeconds, result.MessageWaits.Max.TotalSeconds));
    }

    [Fact]
    public void Run_MessagesThatAreWorkedOn_StillCountForTheScaler()
    {
        // At 45 s one replica has 16 and 4 wait: 20 are active, four times five. The three others are ready at 47 s.
        var result = Run(Examples.Rules(), Exact, [.. Enumerable.Range(0, 20).Select(_ => Message(0, seconds: 100))]);

        Assert.Equal((20, 4), (result.MessagesDone, result.PeakReplicas));
        Assert.Equal(((16 * 32) + (4 * 47)) / 20.0, result.MessageWaits.Mean.TotalSeconds);
    }

    [Theory]
    [InlineData(true, 0, 2000 + 300)]
    [InlineData(false, 1, 2300 + 340)]
    public void Run_ScaleInUnderAMessage_GoesOnAtOnceOrBeginsAnewAfterTheDrainTime(bool goesOn, long redelivered, double replicaSeconds)
    {
        // 30 requests at 10 s make two replicas at 15 s, of which the second goes at 315 s. Each has one message of 1,000 s since 20 s. The other's
        // goes on for its last 705 s, or begins anew 40 s later, when the first replica is done at 1,020 s: until 1,725 s or 2,020 s.
        var rules = Examples.Rules() with { HttpConcurrency = 1, Queues = new Dictionary<string, QueueScale> { ["work"] = new(5, 0) } };
        var arrivals = Enumerable.Range(0, 30).Select(_ => new Arrival(Examples.Start.AddSeconds(10), 0, 0))
            .Concat([Message(20, seconds: 1000), Message(20, seconds: 1000)]);

        var result = Run(rules, Exact with { Queues = Work(new QueueProfile(1, goesOn)) }, [.. arrivals]);

        Assert.Equal((2, redelivered, 2), (result.MessagesDone, result.MessagesRedelivered, result.Starts));
        Assert.Equal(0, result.MessageWaits.Max.TotalSeconds);
        Assert.Equal(replicaSeconds, result.ReplicaSeconds);
    }

    [Fact]
    public void Run_QueueThatTheRulesDoNotKnow_IsRefused() => Assert.Contains(
        "The queue \"play\" is not in the rules, which have work.",
        Assert.Throws<ArgumentException>(() => Run(Examples.Rules(), Exact, new Arrival(Examples.Start, 0, 0, "play"))).Message,
        StringComparison.Ordinal);

    private static SimulationResult Run(WorkerScale rules, ServiceProfile profile, params Arrival[] arrivals) =>
        new ScaleSimulation(rules, ScaleTimes.Of(rules), profile).Run(
            arrivals, start: Examples.Start, cancellation: TestContext.Current.CancellationToken);

    private static Dictionary<string, QueueProfile> Work(QueueProfile profile) => new() { ["work"] = profile };

    private static Arrival Message(double at, int seconds = 1) => new(Examples.Start.AddSeconds(at), (seconds - 1) * 1000, 0, "work");
}

namespace Serverless.Scaling.Tests.Decisions;

/// <summary>Each number is worked out by hand from what Container Apps, KEDA and Kubernetes document.</summary>
public sealed class ReplicaScalerTests
{
    [Fact]
    public void Decide_AtZeroWithNothing_StaysAtZero() => Assert.Equal(0, new ScalerRun(Examples.Rules()).Over(3600));

    [Fact]
    public void Decide_FirstRequest_StartsOneReplicaWithoutWaitingForThePoll()
    {
        var run = new ScalerRun(Examples.Rules());
        run.Decide();

        Assert.Equal(1, run.After(0.001, inFlight: 200));
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    public void Decide_MessagesAtZero_WakeAboveTheActivation(long messages, int wanted)
    {
        var run = new ScalerRun(Examples.Rules());

        Assert.Equal(wanted, run.Decide(messages: messages));
    }

    [Fact]
    public void Decide_MessagesBetweenPolls_AreSeenAtTheNext()
    {
        var times = ScaleTimes.Of(Examples.Rules()) with { Evaluation = TimeSpan.FromSeconds(30) };
        var run = new ScalerRun(Examples.Rules(), times);
        run.Decide();

        Assert.Equal(0, run.After(29, messages: 50));
        Assert.Equal(1, run.After(1, messages: 50));
    }

    [Fact]
    public void Decide_Load_ClimbsOneFourThenDoubles()
    {
        var run = new ScalerRun(Examples.Rules());

        int[] climb = [run.Decide(inFlight: 900), .. Enumerable.Range(0, 6).Select(_ => run.After(15, concurrency: 900, inFlight: 900))];

        Assert.Equal([1, 4, 8, 16, 32, 64, 90], climb);
    }

    [Theory]
    [InlineData(40, 0, 4)]
    [InlineData(44.1, 0, 5)]
    [InlineData(0, 23, 5)]
    [InlineData(35, 38, 8)]
    [InlineData(99999, 0, 8)]
    public void Decide_SeveralTriggers_TakesTheMostRoundedUp(double concurrency, long messages, int wanted)
    {
        // Ten requests and five messages a replica; from 2 replicas the highest step is 4, from 4 it is 8;
        // 4.41 and 4.6 replicas are more than a tenth above 4.
        var run = new ScalerRun(Examples.Rules(max: 8), replicas: 2);
        run.Decide(concurrency, 1, messages);

        Assert.Equal(wanted, run.After(15, concurrency, 1, messages));
    }

    // 20 replicas are meant for 200: 181 to 219 change nothing.
    [Theory]
    [InlineData(219, 20)]
    [InlineData(221, 23)]
    public void Decide_WithinATenthOfTheTarget_ChangesNothing(double concurrency, int wanted)
    {
        var run = new ScalerRun(Examples.Rules(), replicas: 20);

        Assert.Equal(wanted, run.Decide(concurrency, 1));
    }

    [Fact]
    public void Decide_LessLoad_FallsToTheHighestOfTheLastFiveMinutes()
    {
        var run = new ScalerRun(Examples.Rules(), replicas: 8);
        run.Decide(concurrency: 80, inFlight: 1);
        run.After(15, concurrency: 50, inFlight: 1);
        run.After(15, concurrency: 20, inFlight: 1);

        Assert.Equal(8, run.Over(255, concurrency: 20, inFlight: 1));
        Assert.Equal(5, run.After(15, concurrency: 20, inFlight: 1));
        Assert.Equal(2, run.After(15, concurrency: 20, inFlight: 1));
    }

    [Fact]
    public void Decide_HostStartedWithReplicas_KeepsThemForTheStabilisation()
    {
        var run = new ScalerRun(Examples.Rules(), replicas: 6);
        run.Decide(concurrency: 10, inFlight: 1);

        Assert.Equal(6, run.Over(285, concurrency: 10, inFlight: 1));
        Assert.Equal(1, run.After(15, concurrency: 10, inFlight: 1));
    }

    [Fact]
    public void Decide_NothingAsked_LastReplicaGoesAfterTheCooldownAtAPoll()
    {
        var run = new ScalerRun(Examples.Rules());
        run.Decide(inFlight: 1);
        run.After(10, concurrency: 0.1, inFlight: 0);

        Assert.Equal(1, run.After(299.9));
        Assert.Equal(0, run.After(20.1));
    }

    [Fact]
    public void Decide_ActiveAgainDuringTheCooldown_StartsItAnew()
    {
        var run = new ScalerRun(Examples.Rules());
        run.Decide(inFlight: 1);
        run.Over(285);
        run.After(5, inFlight: 1);

        Assert.Equal(1, run.After(295));
        Assert.Equal(0, run.After(15));
    }

    [Fact]
    public void Decide_LongStream_KeepsTheLastReplica()
    {
        var run = new ScalerRun(Examples.Rules());
        run.Decide(inFlight: 1);

        Assert.Equal(1, run.Over(3600, inFlight: 1));
    }

    [Fact]
    public void Decide_MessagesAtTheActivation_DoNotKeepTheLastReplica()
    {
        var run = new ScalerRun(Examples.Rules());
        run.Decide(messages: 3);

        Assert.Equal(0, run.Over(330, messages: 2));
    }

    [Fact]
    public void Decide_SeveralReplicasAfterABurst_GoByWayOfOneToZero()
    {
        var run = new ScalerRun(Examples.Rules());
        run.Decide(inFlight: 35);
        run.After(15, concurrency: 35, inFlight: 35);
        var seen = new List<int>();
        for (var i = 0; i < 24; i++)
            seen.Add(run.After(15));

        Assert.Equal([4, 1, 0], seen.Distinct());
    }

    [Fact]
    public void Decide_CooldownOfZeroWhileAsked_KeepsTheReplica()
    {
        var rules = Examples.Rules() with { Cooldown = TimeSpan.Zero };
        var run = new ScalerRun(rules);
        run.Decide(inFlight: 1);

        Assert.Equal(1, run.Over(60, inFlight: 1));
        Assert.Equal(0, run.After(30));
    }

    [Fact]
    public void Decide_LeastNumber_IsThereFromTheStartAndStays()
    {
        var run = new ScalerRun(Examples.Rules(min: 3));

        Assert.Equal(3, run.Decide());
        Assert.Equal(3, run.Over(3600));
    }

    [Fact]
    public void Decide_CalledOftenBetweenBeats_ClimbsNoFaster()
    {
        var run = new ScalerRun(Examples.Rules());
        run.Decide(inFlight: 900);

        for (var i = 0; i < 14; i++)
            Assert.Equal(1, run.After(1, concurrency: 900, inFlight: 900));
        Assert.Equal(4, run.After(1, concurrency: 900, inFlight: 900));
    }

    [Fact]
    public void Decide_Compressed_DoesTheSameInATenthOfTheTime()
    {
        var rules = Examples.Rules();
        var run = new ScalerRun(rules, ScaleTimes.Of(rules).Compressed(10));
        run.Decide(inFlight: 35);

        Assert.Equal(4, run.After(1.5, concurrency: 35, inFlight: 35));
        Assert.Equal(4, run.After(28.5));
        Assert.Equal(1, run.After(1.5));
        Assert.Equal(0, run.After(3));
    }

    [Fact]
    public void UntilNextDecision_AfterOne_IsTheNearerOfPollAndEvaluation()
    {
        var run = new ScalerRun(Examples.Rules());
        run.Decide();
        Assert.Equal(15, run.UntilNextDecision.TotalSeconds);

        run.After(19);
        Assert.Equal(11, run.UntilNextDecision.TotalSeconds);
    }
}

using Microsoft.Extensions.Time.Testing;

namespace Serverless.Scaling.Tests.Decisions;

/// <summary>A scaler on a clock of its own, whose answers are obeyed at once.</summary>
internal sealed class ScalerRun
{
    private readonly FakeTimeProvider _time = new(Examples.Start);
    private readonly ReplicaScaler _scaler;

    public ScalerRun(WorkerScale rules, ScaleTimes? times = null, int replicas = 0)
    {
        _scaler = new ReplicaScaler(rules, times ?? ScaleTimes.Of(rules), _time);
        Replicas = replicas;
    }

    public int Replicas { get; private set; }

    public TimeSpan UntilNextDecision => _scaler.UntilNextDecision;

    public int Decide(double concurrency = 0, int inFlight = 0, long messages = 0) => Replicas = _scaler.Decide(
        new ScaleReading(concurrency, inFlight, new Dictionary<string, long> { ["work"] = messages }), Replicas);

    /// <summary>Decides so many seconds later.</summary>
    public int After(double seconds, double concurrency = 0, int inFlight = 0, long messages = 0)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return Decide(concurrency, inFlight, messages);
    }

    /// <summary>Decides every 15 s, for so many seconds; what was decided after them.</summary>
    public int Over(int seconds, double concurrency = 0, int inFlight = 0, long messages = 0)
    {
        for (var passed = 0; passed < seconds; passed += 15)
            After(15, concurrency, inFlight, messages);

        return Replicas;
    }
}

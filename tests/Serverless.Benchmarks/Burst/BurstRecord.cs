namespace Serverless.Benchmarks.Burst;

/// <summary>What a scripted burst came to.</summary>
/// <param name="Arrivals">When each request was sent, in order.</param>
/// <param name="RulesSince">Since when the rules' clocks run.</param>
/// <param name="Service">The mean time of a run.</param>
/// <param name="ColdStart">The mean time from a replica's start until it was ready.</param>
/// <param name="P99Wait">What a request took beside its run.</param>
/// <param name="ReplicaSeconds">How long replicas ran, all together.</param>
/// <param name="PeakReplicas">The most that were wanted.</param>
internal sealed record BurstRecord(
    IReadOnlyList<DateTimeOffset> Arrivals,
    DateTimeOffset RulesSince,
    TimeSpan Service,
    TimeSpan ColdStart,
    TimeSpan P99Wait,
    double ReplicaSeconds,
    int PeakReplicas);

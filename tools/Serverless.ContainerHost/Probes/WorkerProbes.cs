namespace Serverless.ContainerHost.Probes;

/// <summary>The probes of <c>infra/modules/worker.bicep</c>; a test holds both together.</summary>
/// <param name="Startup">Until it succeeds nothing else is asked; failed, the replica is ended.</param>
/// <param name="Liveness">Failed, the replica is ended.</param>
/// <param name="Readiness">Whether the replica gets requests.</param>
internal sealed record WorkerProbes(Probe Startup, Probe Liveness, Probe Readiness)
{
    private const string Live = "/v2/health/live";
    private const string Ready = "/v2/health/ready";

    /// <summary>As they are in Azure.</summary>
    public static WorkerProbes Usual { get; } = new(
        new Probe(Live, Delay: Seconds(1), Period: Seconds(1), Timeout: Seconds(1), FailureThreshold: 120),
        new Probe(Live, Delay: Seconds(0), Period: Seconds(10), Timeout: Seconds(5), FailureThreshold: 6),
        new Probe(Ready, Delay: Seconds(0), Period: Seconds(2), Timeout: Seconds(2), FailureThreshold: 3));

    /// <summary>The same with their clocks <paramref name="speed"/> times as fast; the number of failures grows so that a start may take as long.</summary>
    public WorkerProbes Compressed(double speed) => new(Patient(Startup, speed), Patient(Liveness, speed), Patient(Readiness, speed));

    private static Probe Patient(Probe probe, double speed) =>
        probe.Compressed(speed) with { FailureThreshold = (int)Math.Ceiling(probe.FailureThreshold * speed) };

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}

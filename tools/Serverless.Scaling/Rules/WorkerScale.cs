namespace Serverless.Scaling;

/// <summary>By which numbers the worker scales: the <c>worker</c> of <c>infra/scale.json</c>.</summary>
/// <param name="MinReplicas">Replicas that always run, 0 to 1000.</param>
/// <param name="MaxReplicas">Replicas that run at most, 1 to 1000.</param>
/// <param name="HttpConcurrency">What <see cref="HttpConcurrencyMeter.Read"/> may show for each replica.</param>
/// <param name="Queues">Service Bus queues that wake and scale the worker, by name.</param>
/// <param name="PollingInterval">How often the queues are asked.</param>
/// <param name="Cooldown">How long nothing has to be asked of the last replica before it goes.</param>
/// <param name="TerminationGrace">Between SIGTERM and SIGKILL of a replica.</param>
/// <param name="MaxHeldRequests">How many requests may be held while no replica is ready.</param>
/// <param name="PreWarm">Times at which replicas are there before anybody asks.</param>
public sealed record WorkerScale(
    int MinReplicas,
    int MaxReplicas,
    int HttpConcurrency,
    IReadOnlyDictionary<string, QueueScale> Queues,
    TimeSpan PollingInterval,
    TimeSpan Cooldown,
    TimeSpan TerminationGrace,
    int MaxHeldRequests,
    IReadOnlyList<PreWarmWindow> PreWarm)
{
    // The worker takes up to 15 s to tell callers, seal shards and close connections; 5 s are to spare. infra/modules/worker.bicep has the same.
    private static readonly TimeSpan WindDown = TimeSpan.FromSeconds(20);

    /// <summary>How long a replica that was told to end gives what it is working on; the grace period less 20 s.</summary>
    public TimeSpan DrainTime => TerminationGrace - WindDown;
}

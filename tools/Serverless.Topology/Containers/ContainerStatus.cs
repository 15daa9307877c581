namespace Serverless.Topology.Containers;

/// <summary>What the container host's <c>/status</c> answers.</summary>
/// <param name="App">The app's name.</param>
/// <param name="Ingress">Where its requests come in.</param>
/// <param name="Now">When this was said.</param>
/// <param name="Speed">How much faster than in Azure the rules' clocks run.</param>
/// <param name="MaxReplicas">Replicas that run at most.</param>
/// <param name="Desired">Replicas that are wanted.</param>
/// <param name="Held">Requests that wait for a replica.</param>
/// <param name="InFlight">Requests that are held or being answered.</param>
/// <param name="Concurrency">What the HTTP rule scales by.</param>
/// <param name="Queues">Active messages by queue.</param>
/// <param name="ReplicaSeconds">How long replicas have run since the host's start, all together.</param>
/// <param name="Replicas">Those that run and the last ones that did, the oldest first.</param>
/// <param name="Decisions">The last changes, the oldest first.</param>
public sealed record ContainerStatus(
    string App,
    string Ingress,
    DateTimeOffset Now,
    double Speed,
    int MaxReplicas,
    int Desired,
    int Held,
    int InFlight,
    double Concurrency,
    IReadOnlyDictionary<string, long> Queues,
    double ReplicaSeconds,
    IReadOnlyList<ReplicaStatus> Replicas,
    IReadOnlyList<DecisionStatus> Decisions)
{
    /// <summary>Replicas whose process runs, whatever they do.</summary>
    public int Running => Replicas.Count(replica => replica.Ended is null);
}

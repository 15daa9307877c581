using Serverless.ContainerHost.Replicas;

namespace Serverless.ContainerHost.Status;

/// <summary>One replica in <see cref="StatusDocument"/>.</summary>
internal sealed record ReplicaDocument(
    string Name,
    string State,
    DateTimeOffset Since,
    DateTimeOffset Started,
    DateTimeOffset? FirstReady,
    DateTimeOffset? Ended,
    int InFlight,
    int? ProcessId,
    Uri Address,
    Uri Metrics,
    string? Remark)
{
    public static ReplicaDocument Of(Replica replica) => new(
        replica.Name,
        replica.State.ToString(),
        replica.Since,
        replica.Started,
        replica.FirstReady,
        replica.Ended,
        replica.InFlight,
        replica.ProcessId,
        replica.Address,
        replica.MetricsAddress,
        replica.Remark);
}

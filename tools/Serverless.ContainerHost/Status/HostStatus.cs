using Microsoft.Extensions.Options;
using Serverless.ContainerHost.Ingress;
using Serverless.ContainerHost.Replicas;
using Serverless.ContainerHost.Scaling;
using Serverless.ContainerHost.Settings;
using Serverless.Topology.Containers;

namespace Serverless.ContainerHost.Status;

/// <summary>Gathers what <c>/status</c> answers.</summary>
internal sealed class HostStatus(
    ReplicaPool pool, Rotation rotation, IngressLoad load, QueueCounts queues, ScaleHistory history, ScaleRule rule, IOptions<ContainerHostOptions> options)
{
    public ContainerStatus Read() => new(
        options.Value.Replica.Name,
        options.Value.Url,
        rule.Time.GetUtcNow(),
        options.Value.Speed,
        rule.Rules.MaxReplicas,
        pool.Desired,
        rotation.Held,
        load.InFlight,
        load.Concurrency,
        queues.Latest,
        pool.Time.TotalSeconds,
        [.. pool.Replicas.Select(Of)],
        [.. history.Decisions.Select(Of)]);

    private static ReplicaStatus Of(Replica replica) => new(
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

    private static DecisionStatus Of(ScaleDecision decision) => new(
        decision.At,
        decision.From,
        decision.To,
        decision.Reason,
        decision.Reading.HttpConcurrency,
        decision.Reading.HttpInFlight,
        decision.Reading.QueueMessages);
}

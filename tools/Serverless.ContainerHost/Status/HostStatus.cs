using Microsoft.Extensions.Options;
using Serverless.ContainerHost.Ingress;
using Serverless.ContainerHost.Replicas;
using Serverless.ContainerHost.Scaling;
using Serverless.ContainerHost.Settings;

namespace Serverless.ContainerHost.Status;

/// <summary>Gathers what <c>/status</c> answers.</summary>
internal sealed class HostStatus(
    ReplicaPool pool, Rotation rotation, IngressLoad load, QueueCounts queues, ScaleHistory history, ScaleRule rule, IOptions<ContainerHostOptions> options)
{
    public StatusDocument Read() => new(
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
        [.. pool.Replicas.Select(ReplicaDocument.Of)],
        [.. history.Decisions.Select(DecisionDocument.Of)]);
}

using Serverless.Scaling;
using Serverless.Topology.Containers;
using Serverless.Topology.Layout;

namespace Serverless.EndToEnd.Tests.Scaling;

/// <summary>Works decisions out again, by the documented formulas and by hand.</summary>
internal static class ScaleRuleCheck
{
    private static readonly WorkerScale Rules = ScaleRules.Load(Path.Combine(Repository.Find().Root, "infra", "scale.json")).Worker;

    /// <summary>Replicas that follow from what was measured, when there are more of them than before.</summary>
    public static int After(DecisionStatus decision, int most)
    {
        // The first one comes when anything is asked at all.
        if (decision.From == 0)
            return 1;
        var wanted = Rules.Queues
            .Select(queue => decision.Queues.GetValueOrDefault(queue.Key) / (double)queue.Value.MessagesPerReplica)
            .Append(decision.Concurrency / Rules.HttpConcurrency)
            .Max(Math.Ceiling);

        // To 4 at once, or to twice as many.
        return (int)Math.Min(Math.Min(wanted, most), Math.Max(4, decision.From * 2));
    }
}

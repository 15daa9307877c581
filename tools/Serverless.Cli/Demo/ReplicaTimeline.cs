using System.Globalization;
using Serverless.Topology.Containers;

namespace Serverless.Cli.Demo;

/// <summary>How many replicas ran when.</summary>
internal static class ReplicaTimeline
{
    /// <summary>The number after each change, with the seconds since <paramref name="start"/>.</summary>
    public static string Of(IReadOnlyList<ReplicaStatus> replicas, DateTimeOffset start)
    {
        var changes = replicas.Select(replica => (At: replica.Started, By: 1))
            .Concat(replicas.Where(replica => replica.Ended is not null).Select(replica => (At: replica.Ended!.Value, By: -1)))
            .OrderBy(change => change.At).ToList();
        var running = 0;
        var steps = changes.Select(change => string.Create(
            CultureInfo.InvariantCulture, $"{(change.At - start).TotalSeconds:0.0} s: {running += change.By}"));
        return string.Join(", ", steps.Prepend("0 s: 0"));
    }

    /// <summary>How long they ran, all together.</summary>
    public static double Seconds(IReadOnlyList<ReplicaStatus> replicas) =>
        replicas.Sum(replica => replica.Ended is { } ended ? (ended - replica.Started).TotalSeconds : 0);
}

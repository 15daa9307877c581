using Serverless.Cli.Demo;
using Serverless.Topology.Containers;

namespace Serverless.Cli.Tests.Demo;

public sealed class ReplicaTimelineTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Of_TwoReplicas_CountsThemAtEachChange()
    {
        ReplicaStatus[] replicas = [Replica(1, 10), Replica(2.5, 8)];

        Assert.Equal("0 s: 0, 1.0 s: 1, 2.5 s: 2, 8.0 s: 1, 10.0 s: 0", ReplicaTimeline.Of(replicas, Start));
        Assert.Equal(14.5, ReplicaTimeline.Seconds(replicas));
    }

    private static ReplicaStatus Replica(double started, double ended) => new(
        "worker", "Stopped", Start, Start.AddSeconds(started), null, Start.AddSeconds(ended), 0, 1,
        new Uri("http://localhost"), new Uri("http://localhost"), null);
}

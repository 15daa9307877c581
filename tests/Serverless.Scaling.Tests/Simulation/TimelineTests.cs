using Serverless.Simulation;

namespace Serverless.Scaling.Tests.Simulation;

public sealed class TimelineTests
{
    [Fact]
    public void Advance_LongerThanTheBinsHold_WidensThemAndLosesNothing()
    {
        var timeline = new Timeline();
        timeline.RequestArrived(TimeSpan.FromSeconds(1));
        timeline.Advance(TimeSpan.FromSeconds(10), 5, 3);
        timeline.RequestArrived(TimeSpan.FromSeconds(9000));
        timeline.MessageArrived(TimeSpan.FromSeconds(9000));
        timeline.Advance(TimeSpan.FromSeconds(9000), 2, 1);

        Assert.Equal(8, timeline.BinWidth.TotalSeconds);
        Assert.Equal(2, timeline.Arrivals.ToArray().Sum());
        Assert.Equal(1, timeline.Messages[^1]);
        Assert.Equal((5, 2), (timeline.Asked[0], timeline.Asked[^1]));
        Assert.Equal((3, 1), (timeline.Ready[1], timeline.Ready[^1]));
        Assert.Equal(1126, timeline.Asked.Length);
    }
}

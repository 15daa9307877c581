namespace Serverless.Scaling.Tests.Decisions;

public sealed class PreWarmTests
{
    private static readonly PreWarmWindow Morning = new("0 8 * * MON-FRI", "30 9 * * MON-FRI", "Europe/Berlin", 6);

    // Examples.Start is a Monday, 6:00 in UTC and 7:00 in Berlin's winter.
    [Fact]
    public void Decide_WindowOpens_ReplicasComeStepByStepAndStayUntilItCloses()
    {
        var run = new ScalerRun(Examples.Rules(preWarm: Morning));

        Assert.Equal(0, run.Over(3585));
        Assert.Equal(1, run.After(15));
        Assert.Equal(4, run.After(15));
        Assert.Equal(6, run.After(15));
        Assert.Equal(6, run.Over(5400));
        Assert.Equal(0, run.Over(330));
    }

    [Fact]
    public void Decide_WindowOfMoreThanTheMost_StopsAtTheMost() =>
        Assert.Equal(3, new ScalerRun(Examples.Rules(max: 3, preWarm: Morning)).Over(3900));

    [Theory]
    [InlineData("2026-03-02T06:59:59Z", false)]
    [InlineData("2026-03-02T07:00:00Z", true)]
    [InlineData("2026-03-02T08:29:59Z", true)]
    [InlineData("2026-03-02T08:30:00Z", false)]
    [InlineData("2026-03-07T07:30:00Z", false)] // a Saturday
    [InlineData("2026-03-30T06:30:00Z", true)] // summer time
    [InlineData("2026-03-30T07:30:00Z", false)]
    public void Contains_Moment_GoesByTheClockOfTheZone(string now, bool inside) =>
        Assert.Equal(inside, new CronWindow(Morning).Contains(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("2026-03-02T23:00:00Z", true)]
    [InlineData("2026-03-03T03:00:00Z", true)]
    [InlineData("2026-03-03T12:00:00Z", false)]
    public void Contains_WindowOverMidnight_IsOpenThroughIt(string now, bool inside) => Assert.Equal(
        inside,
        new CronWindow(new PreWarmWindow("0 22 * * *", "0 4 * * *", "UTC", 1))
            .Contains(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));
}

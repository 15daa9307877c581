using Serverless.Worker.Costs;

namespace Serverless.Worker.Tests.Costs;

public sealed class DayPartsTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Monday = new(2026, 3, 9);
    private static readonly Charge Whole = new("acme", "m", 1000, TimeSpan.FromSeconds(4), 3);

    [Fact]
    public void Of_AnIntervalAcrossMidnight_IsCutByTime()
    {
        var parts = DayParts.Of(Whole, Midnight.AddSeconds(-3), Midnight.AddSeconds(9));

        Assert.Equal(
            [(Monday, Whole with { Nanos = 250, Device = TimeSpan.FromSeconds(1), Requests = 0 }),
             (Monday.AddDays(1), Whole with { Nanos = 750, Device = TimeSpan.FromSeconds(3), Requests = 3 })],
            parts);
    }

    [Fact]
    public void Of_AnIntervalOfDays_AddsUpToTheChargeToTheLastUnit()
    {
        var parts = DayParts.Of(Whole, Midnight.AddHours(-7), Midnight.AddHours(55));

        Assert.Equal([0, 1, 2, 3], parts.Select(part => part.Day.DayNumber - Monday.DayNumber));
        Assert.Equal((1000, 3), (parts.Sum(part => part.Part.Nanos), parts.Sum(part => part.Part.Requests)));
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(16, 1)]
    [InlineData(0, 0)]
    public void Of_AnIntervalWithinADay_IsWhole(int from, int to) =>
        Assert.Equal([(Monday.AddDays(1), Whole)], DayParts.Of(Whole, Midnight.AddSeconds(from), Midnight.AddSeconds(to)));

    [Fact]
    public void Of_AClockThatWasSetBackOverMidnight_IsWhole() =>
        Assert.Equal([(Monday, Whole)], DayParts.Of(Whole, Midnight.AddSeconds(5), Midnight.AddSeconds(-5)));
}

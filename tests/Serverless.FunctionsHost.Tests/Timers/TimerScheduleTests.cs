using Serverless.FunctionsHost.Settings;
using Serverless.FunctionsHost.Timers;

namespace Serverless.FunctionsHost.Tests.Timers;

public sealed class TimerScheduleTests
{
    [Theory]
    [InlineData("*/5 * * * *", "2026-01-01T10:05:00Z")]
    [InlineData("*/10 * * * * *", "2026-01-01T10:03:10Z")]
    [InlineData("0 30 9 * * 1-5", "2026-01-02T09:30:00Z")]
    [InlineData("0 0 0 29 2 *", "2028-02-29T00:00:00Z")]
    [InlineData("00:00:30", "2026-01-01T10:03:31Z")]
    public void Next_Expression_GivesFirstOccurrenceAfter(string expression, string expected) =>
        Assert.Equal(
            DateTimeOffset.Parse(expected, null),
            TimerSchedule.Parse(expression).Next(DateTimeOffset.Parse("2026-01-01T10:03:01Z", null)));

    [Fact]
    public void Next_ExactlyAtAnOccurrence_GivesTheFollowing()
    {
        var at = DateTimeOffset.Parse("2026-01-01T10:05:00Z", null);
        Assert.Equal(at.AddMinutes(5), TimerSchedule.Parse("*/5 * * * *").Next(at));
    }

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("61 * * * * *")]
    [InlineData("00:00:00")]
    public void Parse_Wrong_SaysWhatIsAllowed(string expression) =>
        Assert.Contains(
            "five or six NCRONTAB fields",
            Assert.Throws<HostConfigurationException>(() => TimerSchedule.Parse(expression)).Message,
            StringComparison.Ordinal);
}

using Microsoft.Extensions.Time.Testing;
using Serverless.ContainerHost.Replicas;

namespace Serverless.ContainerHost.Tests.Replicas;

public sealed class CrashBackoffTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));

    [Fact]
    public void Crashed_InARow_PausesDoubleUpToFiveMinutes()
    {
        var backoff = new CrashBackoff(speed: 1, _time);

        var pauses = Enumerable.Range(0, 8).Select(_ => Crash(backoff).TotalSeconds).ToList();

        Assert.Equal([0, 10, 20, 40, 80, 160, 300, 300], pauses);
    }

    [Fact]
    public void Crashed_TenMinutesAfterTheLast_IsTheFirstAgain()
    {
        var backoff = new CrashBackoff(speed: 1, _time);
        Crash(backoff);
        Crash(backoff);

        _time.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal(TimeSpan.Zero, Crash(backoff));
    }

    [Fact]
    public void Crashed_FasterClock_PausesLess()
    {
        var backoff = new CrashBackoff(speed: 10, _time);
        Crash(backoff);

        Assert.Equal(TimeSpan.FromSeconds(1), Crash(backoff));
    }

    private static TimeSpan Crash(CrashBackoff backoff)
    {
        backoff.Crashed();
        return backoff.Remaining;
    }
}

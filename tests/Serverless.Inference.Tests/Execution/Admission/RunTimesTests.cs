using Microsoft.Extensions.Time.Testing;
using Serverless.Inference.Execution.Admission;

namespace Serverless.Inference.Tests.Execution.Admission;

public sealed class RunTimesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RunTimes _times;

    public RunTimesTests() => _times = new RunTimes(_time);

    [Fact]
    public void Estimate_NothingKnown_IsZero() => Assert.Equal(0, _times.Estimate(4));

    [Fact]
    public void Estimate_OneOutlier_HardlyMoves()
    {
        for (var i = 0; i < 20; i++)
            _times.Add(1, TimeSpan.FromMilliseconds(1));

        _times.Add(1, TimeSpan.FromSeconds(5));

        Assert.InRange(Milliseconds(1), 1, 1.11);
    }

    [Fact]
    public void Estimate_FirstRunsSlow_FollowsTheQuickest()
    {
        _times.Add(1, TimeSpan.FromMilliseconds(50));
        _times.Add(1, TimeSpan.FromMilliseconds(1));

        Assert.Equal(1, Milliseconds(1), 0.01);
    }

    [Fact]
    public void Estimate_RunsBecomeSlower_Follows()
    {
        _times.Add(1, TimeSpan.FromMilliseconds(1));
        for (var i = 0; i < 100; i++)
            _times.Add(1, TimeSpan.FromMilliseconds(20));

        Assert.Equal(20, Milliseconds(1), 0.5);
    }

    [Fact]
    public void Estimate_LargerThanSeen_GrowsWithSize()
    {
        _times.Add(1, TimeSpan.FromMilliseconds(1));

        Assert.Equal(16, Milliseconds(16), 0.01);
    }

    [Fact]
    public void Undisturbed_MoreThanHalfOfTheRunsInterrupted_StaysWithTheOthers()
    {
        for (var i = 0; i < 1000; i++)
            _times.Add(1, TimeSpan.FromMilliseconds(i % 5 < 2 ? 1 : 50));

        Assert.InRange(ToMilliseconds(_times.Undisturbed(1)), 0.7, 1.3);
    }

    [Fact]
    public void Undisturbed_RunsBecomeSlower_Follows()
    {
        _times.Add(1, TimeSpan.FromMilliseconds(1));
        for (var i = 0; i < 300; i++)
            _times.Add(1, TimeSpan.FromMilliseconds(20));

        Assert.InRange(ToMilliseconds(_times.Undisturbed(1)), 18, 21);
    }

    [Fact]
    public void AtMost_RunsThatAreAlike_IsTheMean()
    {
        for (var i = 0; i < 100; i++)
            _times.Add(1, TimeSpan.FromMilliseconds(10));

        Assert.Equal(10, ToMilliseconds(_times.AtMost(1)), 0.01);
    }

    [Fact]
    public void AtMost_RunsThatSpread_IsLongerThanNearlyAllOfThem()
    {
        var random = new Random(3);
        var late = 0;
        for (var i = 0; i < 2000; i++)
        {
            // Of three even draws, which is near a bell: 10 ms, 1 ms more or less.
            var took = 10 + (2 * (random.NextDouble() + random.NextDouble() + random.NextDouble())) - 3;
            if (i >= 100 && took > ToMilliseconds(_times.AtMost(1)))
                late++;
            _times.Add(1, TimeSpan.FromMilliseconds(took));
        }

        Assert.InRange(late, 0, 1900 * 0.03);
        Assert.InRange(ToMilliseconds(_times.AtMost(1)), 11, 14);
    }

    [Fact]
    public void AtMost_NothingKnown_IsZero() => Assert.Equal(0, _times.AtMost(4));

    private double Milliseconds(long units) => ToMilliseconds(_times.Estimate(units));

    private double ToMilliseconds(double ticks) => ticks * 1000 / _time.TimestampFrequency;
}

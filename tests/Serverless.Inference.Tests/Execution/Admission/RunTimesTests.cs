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

    private double Milliseconds(long units) => _times.Estimate(units) * 1000 / _time.TimestampFrequency;
}

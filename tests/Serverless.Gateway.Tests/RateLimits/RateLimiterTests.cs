using Microsoft.Extensions.Time.Testing;
using Serverless.Contracts.Errors;
using Serverless.Gateway.RateLimits;

namespace Serverless.Gateway.Tests.RateLimits;

public sealed class RateLimiterTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RateLimiter _limiter;

    public RateLimiterTests() => _limiter = new RateLimiter(_time);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(30_011)]
    public void Admit_From32Threads_AdmitsExactlyTheLimit(int limit)
    {
        var admitted = 0;
        using var start = new Barrier(32);
        var threads = Enumerable.Range(0, 32).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            for (var i = 0; i < (limit / 16) + 1; i++)
            {
                if (IsAdmitted(limit))
                    Interlocked.Increment(ref admitted);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(limit, admitted);
    }

    [Fact]
    public void Admit_OneTooMany_SaysWhenTheNextIsFreeAndTakesItThen()
    {
        for (var i = 0; i < 7; i++)
            Assert.True(IsAdmitted(7));

        var error = Assert.Throws<InferenceException>(() => _limiter.Admit(new DefaultHttpContext(), "t", 7)).Error;
        Assert.Equal(ErrorKind.Overloaded, error.Kind);
        Assert.Contains("7 requests per minute", error.Message, StringComparison.Ordinal);
        Assert.Equal(60.0 / 7, error.RetryAfter!.Value.TotalSeconds, 0.001);

        _time.Advance(error.RetryAfter.Value + TimeSpan.FromMilliseconds(1));
        Assert.True(IsAdmitted(7));
        Assert.False(IsAdmitted(7));
    }

    [Fact]
    public void Admit_AnotherTenant_HasItsOwn()
    {
        Assert.True(IsAdmitted(1));
        Assert.False(IsAdmitted(1));
        Assert.True(IsAdmitted(1, "other"));
    }

    [Fact]
    public void Admit_LimitThatChanges_CountsWhatWasUsed()
    {
        for (var i = 0; i < 3; i++)
            Assert.True(IsAdmitted(3));
        Assert.False(IsAdmitted(3));

        // Raised by two, lowered below what was used, and lifted.
        Assert.True(IsAdmitted(5));
        Assert.True(IsAdmitted(5));
        Assert.False(IsAdmitted(5));
        Assert.False(IsAdmitted(2));
        Assert.True(IsAdmitted(0));
    }

    [Fact]
    public void Quota_Headers_AreThoseOfOpenAi()
    {
        var headers = new HeaderDictionary();

        new RequestQuota(true, 60, 58, TimeSpan.FromSeconds(1.5), TimeSpan.Zero).WriteTo(headers);

        Assert.Equal("60", headers["x-ratelimit-limit-requests"]);
        Assert.Equal("58", headers["x-ratelimit-remaining-requests"]);
        Assert.Equal("1.5s", headers["x-ratelimit-reset-requests"]);
    }

    private bool IsAdmitted(int limit, string tenant = "t")
    {
        try
        {
            _limiter.Admit(new DefaultHttpContext(), tenant, limit);
            return true;
        }
        catch (InferenceException)
        {
            return false;
        }
    }
}

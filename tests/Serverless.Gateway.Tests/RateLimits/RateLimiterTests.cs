using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Serverless.Contracts.Errors;
using Serverless.Gateway.RateLimits;

namespace Serverless.Gateway.Tests.RateLimits;

public sealed class RateLimiterTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(30_011)]
    public void Admit_From32Threads_AdmitsExactlyTheLimit(int limit)
    {
        var limiter = Create(limit);
        var admitted = 0;
        using var start = new Barrier(32);
        var threads = Enumerable.Range(0, 32).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            for (var i = 0; i < (limit / 16) + 1; i++)
            {
                if (IsAdmitted(limiter))
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
        var limiter = Create(7);
        for (var i = 0; i < 7; i++)
            Assert.True(IsAdmitted(limiter));

        var error = Assert.Throws<InferenceException>(() => limiter.Admit(new DefaultHttpContext(), "t")).Error;
        Assert.Equal(ErrorKind.Overloaded, error.Kind);
        Assert.Contains("7 requests per minute", error.Message, StringComparison.Ordinal);
        Assert.Equal(60.0 / 7, error.RetryAfter!.Value.TotalSeconds, 0.001);

        _time.Advance(error.RetryAfter.Value + TimeSpan.FromMilliseconds(1));
        Assert.True(IsAdmitted(limiter));
        Assert.False(IsAdmitted(limiter));
    }

    [Fact]
    public void Admit_AnotherTenant_HasItsOwn()
    {
        var limiter = Create(1);

        Assert.True(IsAdmitted(limiter));
        Assert.False(IsAdmitted(limiter));
        Assert.True(IsAdmitted(limiter, "other"));
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

    private RateLimiter Create(int limit) => new(Options.Create(new RateLimitOptions { RequestsPerMinute = limit }), _time);

    private static bool IsAdmitted(RateLimiter limiter, string tenant = "t")
    {
        try
        {
            limiter.Admit(new DefaultHttpContext(), tenant);
            return true;
        }
        catch (InferenceException)
        {
            return false;
        }
    }
}

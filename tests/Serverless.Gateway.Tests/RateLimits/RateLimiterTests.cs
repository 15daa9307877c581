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

        new RateQuota(true, 60, 58, TimeSpan.FromSeconds(1.5), TimeSpan.Zero).WriteTo(headers, RateUnit.Requests);
        new RateQuota(true, 9000, 0, TimeSpan.FromMinutes(1), TimeSpan.Zero).WriteTo(headers, RateUnit.Tokens);

        Assert.Equal("60", headers["x-ratelimit-limit-requests"]);
        Assert.Equal("58", headers["x-ratelimit-remaining-requests"]);
        Assert.Equal("1.5s", headers["x-ratelimit-reset-requests"]);
        Assert.Equal("9000", headers["x-ratelimit-limit-tokens"]);
        Assert.Equal("0", headers["x-ratelimit-remaining-tokens"]);
        Assert.Equal("60s", headers["x-ratelimit-reset-tokens"]);
    }

    [Theory]
    [InlineData((int)RateUnit.Tokens, 30_011, 7)]
    [InlineData((int)RateUnit.Rows, 1000, 8)]
    public void Charge_From32Threads_ChargesNoMoreThanTheLimit(int unit, int limit, int each)
    {
        long charged = 0;
        using var start = new Barrier(32);
        var threads = Enumerable.Range(0, 32).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            for (var i = 0; i < (limit / each / 16) + 1; i++)
            {
                if (TryCharge((RateUnit)unit, each, limit) is not null)
                    Interlocked.Add(ref charged, each);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(limit / each * each, charged);
    }

    [Fact]
    public void Settle_From32Threads_LeavesWhatWasUsed()
    {
        var charges = Enumerable.Range(0, 32).Select(_ => TryCharge(RateUnit.Tokens, 100, 3200)!).ToList();
        Assert.Null(TryCharge(RateUnit.Tokens, 1, 3200));

        var threads = charges.Select(charge => new Thread(() =>
        {
            charge.Settle(40);
            charge.Settle(0);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(3200 - (32 * 40), TryCharge(RateUnit.Tokens, 0, 3200)!.Quota.Remaining);
    }

    [Fact]
    public void Settle_ForMoreThanTheLimit_MakesTheNextWaitForIt()
    {
        TryCharge(RateUnit.Tokens, 10, 60)!.Settle(120);

        var error = Assert.Throws<InferenceException>(() => _limiter.Charge(new DefaultHttpContext(), "t", RateUnit.Tokens, 30, 60)).Error;
        Assert.Equal(
            "The limit of 60 tokens per minute for 't' is reached; the 30 that this request may take are free in 90.0 s.", error.Message);
        Assert.Equal(90, error.RetryAfter!.Value.TotalSeconds, 0.001);
        _time.Advance(TimeSpan.FromSeconds(90));
        Assert.NotNull(TryCharge(RateUnit.Tokens, 30, 60));
    }

    [Fact]
    public void Settle_AfterItFlowedOff_GivesNothingBackTwice()
    {
        var charge = TryCharge(RateUnit.Tokens, 60, 60)!;
        _time.Advance(TimeSpan.FromMinutes(1));
        TryCharge(RateUnit.Tokens, 50, 60);

        // Of the 60 nothing is left that could be given back; of the 50 nothing may be.
        charge.Settle(60);

        Assert.Null(TryCharge(RateUnit.Tokens, 11, 60));
    }

    [Fact]
    public void Charge_ThatIsNeverSettled_FlowsOffWithinTheMinute()
    {
        Assert.NotNull(TryCharge(RateUnit.Rows, 1_000_000, 60));
        Assert.Null(TryCharge(RateUnit.Rows, 1, 60));

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, TryCharge(RateUnit.Rows, 1_000_000, 60)!.Quota.Remaining);
    }

    private RateCharge? TryCharge(RateUnit unit, long amount, int limit)
    {
        try
        {
            return _limiter.Charge(new DefaultHttpContext(), "t", unit, amount, limit);
        }
        catch (InferenceException)
        {
            return null;
        }
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

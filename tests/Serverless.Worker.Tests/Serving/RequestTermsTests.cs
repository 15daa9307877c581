using Microsoft.Extensions.Time.Testing;
using Serverless.Contracts.Http;
using Serverless.Inference.Execution;
using Serverless.Worker.Serving;

namespace Serverless.Worker.Tests.Serving;

public sealed class RequestTermsTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("1", 980)]
    [InlineData("0.1", 98)]
    [InlineData("60", 59_950)]
    public void Read_Timeout_LeavesTimeForTheAnswer(string seconds, double milliseconds)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[InferenceHeaders.Timeout] = seconds;

        var terms = RequestTerms.Read(context, _time.GetTimestamp(), _time);

        Assert.Equal(milliseconds, MillisecondsLeft(terms), 0.01);
    }

    [Fact]
    public void Within_SoonerThanTheHeader_Holds()
    {
        var terms = RunTerms.Default with { Deadline = _time.GetTimestamp() + (10 * _time.TimestampFrequency) };

        Assert.Equal(490, MillisecondsLeft(terms.Within(TimeSpan.FromSeconds(0.5), _time)), 0.01);
        Assert.Equal(terms, terms.Within(TimeSpan.FromSeconds(20), _time));
    }

    [Fact]
    public void Read_NoTimeout_HasNoDeadline() => Assert.Null(RequestTerms.Read(new DefaultHttpContext(), _time.GetTimestamp(), _time).Deadline);

    private double MillisecondsLeft(RunTerms terms) => _time.GetElapsedTime(_time.GetTimestamp(), terms.Deadline!.Value).TotalMilliseconds;
}

using System.Diagnostics;
using Serverless.Telemetry;

namespace Serverless.Worker.Tests.Telemetry;

public sealed class RequestSamplingTests : IDisposable
{
    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = source => source.Name == "Serverless.Requests",
        Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
    };

    public RequestSamplingTests() => ActivitySource.AddActivityListener(_listener);

    [Fact]
    public void Start_MoreThanMayBeginInASecond_AreNotSampled()
    {
        var sampling = new RequestSampling(0.9);

        // Within two seconds at the most.
        var sampled = Enumerable.Range(0, 2000).Count(_ => IsSampled(sampling, traceParent: null));

        Assert.InRange(sampled, RequestSampling.MostPerSecond, 3 * RequestSampling.MostPerSecond);
    }

    [Fact]
    public void Start_EveryRequest_IsSampledWithARatioOfOne()
    {
        var sampling = new RequestSampling(1);

        Assert.All(Enumerable.Range(0, 500), _ => Assert.True(IsSampled(sampling, traceParent: null)));
    }

    [Theory]
    [InlineData("01", true)]
    [InlineData("00", false)]
    public void Start_TraceOfAnother_GoesOnAsItWasDecided(string flags, bool expected)
    {
        var sampling = new RequestSampling(0.1);

        Assert.All(Enumerable.Range(0, 300), _ => Assert.Equal(
            expected, IsSampled(sampling, $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-{flags}")));
    }

    public void Dispose() => _listener.Dispose();

    private static bool IsSampled(RequestSampling sampling, string? traceParent)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = HttpMethods.Post;
        context.Request.Headers.TraceParent = traceParent;
        using var span = sampling.Start(context.Request);
        return span is not null;
    }
}

using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Telemetry;
using Serverless.Gateway.Holding;

namespace Serverless.Gateway.Tests.Holding;

public sealed class HeldRequestsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<HoldingMetrics>().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Enter_From32Threads_LetsInAsManyAsMayAndCountsTheRest()
    {
        var held = Create(new HoldingOptions { MaxRequests = 10, MaxRequestsPerModel = 1000, MaxRequestsPerTenant = 1000 });
        var (inside, refused) = (0, 0);
        var most = 0;

        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() =>
        {
            var places = new List<HeldPlace>();
            for (var i = 0; i < 50; i++)
            {
                try
                {
                    places.Add(held.Enter("m", "t"));
                    InterlockedMax(ref most, Interlocked.Increment(ref inside));
                }
                catch (InferenceException)
                {
                    Interlocked.Increment(ref refused);
                    places.ForEach(place =>
                    {
                        Interlocked.Decrement(ref inside);
                        place.Dispose();
                    });
                    places.Clear();
                }
            }

            places.ForEach(place =>
            {
                Interlocked.Decrement(ref inside);
                place.Dispose();
            });
        })));

        Assert.InRange(most, 1, 10);
        Assert.True(refused > 0);
        Assert.Equal(0, held.Count);
        Fill(held, 10);
    }

    [Fact]
    public void Enter_MoreThanOneModelMayHave_LeavesPlacesForOthers()
    {
        var held = Create(new HoldingOptions { MaxRequests = 8 });
        for (var i = 0; i < 7; i++)
            held.Enter("busy", $"tenant{i}");

        var refused = Assert.Throws<InferenceException>(() => held.Enter("busy", "another"));
        held.Enter("quiet", "another");

        Assert.Equal(ErrorKind.Overloaded, refused.Error.Kind);
        Assert.Contains("this model", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.Error.RetryAfter);
    }

    [Fact]
    public void Enter_MoreThanOneCallerMayHave_LeavesPlacesForOthers()
    {
        var held = Create(new HoldingOptions { MaxRequests = 8, MaxRequestsPerTenant = 2 });
        held.Enter("a", "busy");
        held.Enter("b", "busy");

        var refused = Assert.Throws<InferenceException>(() => held.Enter("c", "busy"));
        held.Enter("c", "quiet");

        Assert.Contains("this key", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_Twice_FreesOnePlace()
    {
        var held = Create(new HoldingOptions { MaxRequests = 2, MaxRequestsPerModel = 2, MaxRequestsPerTenant = 2 });
        var place = held.Enter("m", "t");
        held.Enter("m", "t");

        place.Dispose();
        place.Dispose();

        Assert.Equal(1, held.Count);
    }

    [Fact]
    public void Metrics_OfHeldRequests_SayHowManyWaitAndWhoWasRefused()
    {
        var meters = _services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>();
        using var waiting = new MetricCollector<long>(meters, MetricNames.GatewayMeter, MetricNames.GatewayHeld);
        using var refused = new MetricCollector<long>(meters, MetricNames.GatewayMeter, MetricNames.GatewayHoldRefused);
        var held = Create(new HoldingOptions { MaxRequests = 1 });

        using var place = held.Enter("m", "t");
        Assert.Throws<InferenceException>(() => held.Enter("m", "t"));

        Assert.Equal(1, waiting.GetMeasurementSnapshot().Sum(measurement => measurement.Value));
        Assert.Equal("all", Assert.Single(refused.GetMeasurementSnapshot()).Tags["bound"]);
    }

    private HeldRequests Create(HoldingOptions options) =>
        new(Options.Create(options), _services.GetRequiredService<HoldingMetrics>(), TimeProvider.System);

    private static void Fill(HeldRequests held, int count)
    {
        for (var i = 0; i < count; i++)
            held.Enter("m", "t");
        Assert.Throws<InferenceException>(() => held.Enter("m", "t"));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }
}

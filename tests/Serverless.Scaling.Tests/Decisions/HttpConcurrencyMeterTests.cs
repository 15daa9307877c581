using Microsoft.Extensions.Time.Testing;

namespace Serverless.Scaling.Tests.Decisions;

public sealed class HttpConcurrencyMeterTests
{
    private readonly FakeTimeProvider _time = new(Examples.Start);
    private readonly HttpConcurrencyMeter _meter;

    public HttpConcurrencyMeterTests() => _meter = new HttpConcurrencyMeter(_time, TimeSpan.FromSeconds(15));

    [Fact]
    public void Read_ShortRequests_IsTheirNumberByTheSeconds()
    {
        for (var i = 0; i < 30; i++)
            Serve();

        Assert.Equal(2, _meter.Read());
    }

    [Fact]
    public void Read_RequestsOfBefore_AreForgottenAfterTheWindow()
    {
        Serve();
        After(10);
        Serve();
        Serve();

        After(4.9);
        Assert.Equal(3 / 15.0, _meter.Read());
        After(0.1);
        Assert.Equal(2 / 15.0, _meter.Read());
        After(10);
        Assert.Equal(0, _meter.Read());
    }

    [Fact]
    public void Read_OpenRequests_AreTheLeastItShows()
    {
        for (var i = 0; i < 3; i++)
            _meter.Arrived();
        After(60);
        Serve();
        Assert.Equal((3, 3 / 15.0), (_meter.InFlight, _meter.Read()));

        for (var i = 0; i < 3; i++)
            _meter.Left();
        Assert.Equal((0, 1 / 15.0), (_meter.InFlight, _meter.Read()));
    }

    [Fact]
    public void Read_OneSecondRequests_AreARateWhateverTheyTake()
    {
        // Four a second that take a second each: 60 in 15 s, of which four are open.
        for (var i = 0; i < 60; i++)
        {
            _meter.Arrived();
            if (i >= 4)
                _meter.Left();
            After(0.25);
        }

        Assert.Equal(59 / 15.0, _meter.Read());
    }

    [Fact]
    public async Task Read_ManyThreads_LosesNone()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 15_000; i++)
                Serve();
        })));

        Assert.Equal((0, 4000.0), (_meter.InFlight, _meter.Read()));
    }

    private void Serve()
    {
        _meter.Arrived();
        _meter.Left();
    }

    private void After(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}

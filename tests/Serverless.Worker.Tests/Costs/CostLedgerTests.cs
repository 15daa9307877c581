using Microsoft.Extensions.Time.Testing;
using Serverless.Contracts.Costs;
using Serverless.Inference.Accounting;
using Serverless.Worker.Costs;

namespace Serverless.Worker.Tests.Costs;

public sealed class CostLedgerTests
{
    private const long Price = 1_400_000;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Close_RandomLoad_ChargesAddUpToTheReplicasTimeInEveryInterval()
    {
        var random = new Random(7);
        var devices = new DeviceTimes();
        var ledger = new CostLedger(Price, _time.GetTimestamp(), _time);
        var (charged, seconds) = (0L, 0.0);
        for (var interval = 0; interval < 500; interval++)
        {
            var length = TimeSpan.FromMilliseconds(random.Next(1000, 30_000));
            for (var run = random.Next(0, 40); run > 0; run--)
                devices.Of($"m{random.Next(3)}", $"tenant{random.Next(5)}").Add(TimeSpan.FromTicks(random.NextInt64(1, 5_000_000)));
            _time.Advance(length);
            seconds += length.TotalSeconds;

            charged += ledger.Close(devices.Take(), isBusy: false).Sum(charge => charge.Nanos);

            Assert.InRange(charged, (long)(seconds * Price) - 1, (long)(seconds * Price) + 1);
        }
    }

    [Fact]
    public void Close_TwoTenants_ShareByDeviceTime()
    {
        var devices = new DeviceTimes();
        devices.Of("m", "a").Add(TimeSpan.FromSeconds(3));
        devices.Of("m", "b").Add(TimeSpan.FromSeconds(1));
        var ledger = new CostLedger(Price, _time.GetTimestamp(), _time);
        _time.Advance(TimeSpan.FromSeconds(8));

        var charges = ledger.Close(devices.Take(), isBusy: false).ToDictionary(charge => charge.Tenant, charge => charge.Nanos);

        Assert.Equal(6 * Price, charges["a"]);
        Assert.Equal(2 * Price, charges["b"]);
    }

    [Fact]
    public void Close_NothingRan_BooksToIdle()
    {
        var ledger = new CostLedger(Price, _time.GetTimestamp(), _time);
        _time.Advance(TimeSpan.FromSeconds(2));

        var charge = Assert.Single(ledger.Close([], isBusy: false));

        Assert.Equal((CostTables.Idle, 2 * Price), (charge.Tenant, charge.Nanos));
    }

    [Fact]
    public void Close_ARequestWaitsForItsModel_PaysForTheWait()
    {
        var devices = new DeviceTimes();
        var ledger = new CostLedger(Price, _time.GetTimestamp(), _time);
        var opened = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(0, ledger.Close(devices.Take(), isBusy: true).Sum(charge => charge.Nanos));
        Assert.Equal(opened, ledger.Opened);
        _time.Advance(TimeSpan.FromSeconds(10));
        devices.Of("m", "a").Add(TimeSpan.FromSeconds(1));

        var charge = Assert.Single(ledger.Close(devices.Take(), isBusy: true));

        Assert.Equal(("a", 30 * Price), (charge.Tenant, charge.Nanos));
        Assert.Equal(_time.GetUtcNow(), ledger.Opened);
    }
}

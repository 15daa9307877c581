using System.Collections.Concurrent;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Serverless.Gateway.Prewarm;
using Serverless.Gateway.Tests.Forwarding;
using Serverless.Gateway.Tests.Jobs;
using Serverless.Gateway.Warming;

namespace Serverless.Gateway.Tests.Prewarm;

[Collection(JobsCollection.Name)]
public sealed class PredictivePrewarmTests(JobsFixture fixture)
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 8, 57, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ArrivalTable Table => new(fixture.Get<TableServiceClient>());

    [Fact]
    public async Task Run_BeforeASlotThatWasBusy_LoadsItsModelsOnce()
    {
        var loads = new ConcurrentQueue<string>();
        await using var worker = await ScriptedWorker.StartAsync(context =>
        {
            loads.Enqueue(context.Request.Path);
            return Task.CompletedTask;
        });
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        // Seven in nine o'clock's five minutes of a week: one a day.
        for (var day = 1; day <= 7; day++)
            await Table.AddAsync(Slot.At(Now.AddDays(-day).AddMinutes(5)), "m", 1, Token);
        await Table.AddAsync(Slot.At(Now.AddDays(-1).AddMinutes(5)), "seldom", 6, Token);
        await Table.AddAsync(Slot.At(Now.AddDays(-1)), "earlier", 100, Token);
        var prewarm = Create(gateway, new PrewarmOptions { Predictive = true });

        var first = await prewarm.RunAsync(Token);
        var second = await prewarm.RunAsync(Token);

        Assert.Equal(["m"], first);
        Assert.Empty(second);
        Assert.Equal(["/v2/repository/models/m/load"], loads);
        Assert.Equal(1, worker.WakeUps);
    }

    [Fact]
    public async Task Run_SwitchedOff_DoesNothing()
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        var evening = Now.AddHours(12);
        await Table.AddAsync(Slot.At(evening.AddDays(-1).AddMinutes(5)), GatewayFixture.Model, 100, Token);

        var off = await Create(gateway, new PrewarmOptions(), evening).RunAsync(Token);
        var wokenWhileOff = worker.WakeUps;
        var on = await Create(gateway, new PrewarmOptions { Predictive = true }, evening).RunAsync(Token);

        Assert.Empty(off);
        Assert.Equal(0, wokenWhileOff);
        Assert.Equal([GatewayFixture.Model], on);
    }

    [Fact]
    public async Task Add_ManyAtOnce_LosesNone()
    {
        var slot = Slot.At(new DateTimeOffset(2026, 3, 1, 1, 0, 0, TimeSpan.Zero));
        await Table.AddAsync(slot, "together", 1, Token);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Table.AddAsync(slot, "together", 2, Token)));

        var expected = await Table.ExpectAsync(slot with { Day = slot.Day.AddDays(1) }, 1, Token);
        Assert.Equal(9, expected["together"]);
    }

    [Fact]
    public async Task Expect_RowsThatAreTooOld_AreDeleted()
    {
        var slot = Slot.At(new DateTimeOffset(2026, 3, 1, 2, 0, 0, TimeSpan.Zero));
        await Table.AddAsync(slot, "old", 5, Token);

        var later = await Table.ExpectAsync(slot with { Day = slot.Day.AddDays(8) }, 7, Token);
        var again = await Table.ExpectAsync(slot with { Day = slot.Day.AddDays(1) }, 7, Token);

        Assert.Empty(later);
        Assert.Empty(again);
    }

    [Fact]
    public async Task Record_WhatWasCounted_IsWrittenForModelsThatExist()
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero));
        var counter = new ArrivalCounter(Options.Create(new PrewarmOptions { Predictive = true }), time);
        var slot = Slot.At(time.GetUtcNow());
        counter.Add(slot, GatewayFixture.Model, 2);
        counter.Add(slot, GatewayFixture.Model, 1);
        counter.Add(slot, "nobody", 9);
        using var recorder = new ArrivalRecorder(
            counter, Table, gateway.Get<Batches.Validation.IModelCheck>(), time, NullLogger<ArrivalRecorder>.Instance);

        await recorder.RecordAsync(Token);
        await recorder.RecordAsync(Token);

        var expected = await Table.ExpectAsync(slot with { Day = slot.Day.AddDays(1) }, 1, Token);
        Assert.Equal(3, Assert.Single(expected).Value);
    }

    [Fact]
    public void Add_MoreModelsThanAreKept_KeepsTheFirst()
    {
        var counter = new ArrivalCounter(Options.Create(new PrewarmOptions { Predictive = true }), TimeProvider.System);
        for (var i = 0; i < 1000; i++)
            counter.Add(Slot.At(Now), $"m{i}", 1);

        Assert.Equal(256, counter.Take().Count);
        Assert.Empty(counter.Take());
    }

    [Theory]
    [InlineData("2026-03-10T00:00:00Z", 0)]
    [InlineData("2026-03-10T23:59:59Z", 287)]
    [InlineData("2026-03-10T01:04:59+01:00", 0)]
    public void At_Time_IsItsFiveMinutesInUtc(string time, int expected) =>
        Assert.Equal(expected, Slot.At(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)).Number);

    private PredictivePrewarm Create(GatewayFixture gateway, PrewarmOptions options, DateTimeOffset? now = null) => new(
        Table, gateway.Get<ModelWarming>(), Options.Create(options), new FakeTimeProvider(now ?? Now), NullLogger<PredictivePrewarm>.Instance);
}

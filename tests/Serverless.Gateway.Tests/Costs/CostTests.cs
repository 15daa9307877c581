using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Serverless.Contracts.Costs;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Telemetry;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Costs;
using Serverless.Gateway.Costs.Budgets;
using Serverless.TestKit;

namespace Serverless.Gateway.Tests.Costs;

public sealed class CostTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IAsyncLifetime
{
    private static readonly Caller Acme = new("acme", Operations.Read | Operations.Infer);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 10, 18, 0, 0, TimeSpan.Zero));
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TableServiceClient _tables = new(azurite.ConnectionString);

    public async ValueTask InitializeAsync()
    {
        await _tables.DeleteTableAsync(CostTables.Costs);
        await _tables.CreateTableIfNotExistsAsync(CostTables.Costs);
    }

    public ValueTask DisposeAsync() => _meters.DisposeAsync();

    [Fact]
    public async Task Handle_ATenant_SeesItsOwnCostsAlone()
    {
        await SpendAsync("2026-03-10", "acme", "m", 1_500_000_000);
        await SpendAsync("2026-03-09", "acme", "n", 500_000_000);
        await SpendAsync("2026-03-10", "other", "m", 7_000_000_000);
        await SpendAsync("2026-02-28", "acme", "m", 9_000_000_000);

        var answer = await GetAsync(Acme, "");

        Assert.Equal(2m, answer.GetProperty("total").GetDecimal());
        var row = Assert.Single(answer.GetProperty("data").EnumerateArray());
        Assert.Equal("""{"key":"acme","day":null,"cost":2,"device_seconds":2,"requests":2}""", row.GetRawText());
    }

    [Fact]
    public async Task Handle_AnOperator_SeesAllByDay()
    {
        await SpendAsync("2026-03-10", "acme", "m", 1_500_000_000);
        await SpendAsync("2026-03-09", "other", "m", 2_000_000_000);

        var answer = await GetAsync(new Caller("root", Operations.Read | Operations.Admin), "?by=day&from=2026-03-09");

        Assert.Equal(
            ["2026-03-09:2", "2026-03-10:1.5"],
            answer.GetProperty("data").EnumerateArray().Select(row => $"{row.GetProperty("day")}:{row.GetProperty("cost")}"));
    }

    [Theory]
    [InlineData("?by=colour", "by")]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?from=2026-04-01", "from")]
    public async Task Handle_WrongParameter_NamesIt(string query, string param)
    {
        var error = await Assert.ThrowsAsync<InferenceException>(() => GetAsync(Acme, query));

        Assert.Equal((ErrorKind.InvalidRequest, param), (error.Error.Kind, error.Error.Param));
    }

    [Fact]
    public async Task Check_BudgetOfTheDaySpent_RefusesUntilTomorrow()
    {
        var (gate, budget) = (CreateGate(), new Budget { Tenant = "acme", Daily = 2, Monthly = 10 });
        await SpendAsync("2026-03-10", "acme", "m", 1_700_000_000);
        var context = new DefaultHttpContext();
        await gate.CheckAsync(budget, context.Response.Headers);
        Assert.Equal("0.85", context.Response.Headers["X-Budget-Used"]);

        await SpendAsync("2026-03-10", "acme", "n", 400_000_000);
        _time.Advance(SpendingSnapshot.MaxAge);
        var error = await RefusalAsync(gate, budget);

        Assert.Equal((ErrorKind.DailyBudgetSpent, 429), (error.Kind, error.Status));
        Assert.InRange(error.RetryAfter!.Value, TimeSpan.FromHours(5.9), TimeSpan.FromHours(6));
    }

    [Fact]
    public async Task Check_FromAlertAtOn_WarnsOnceADayForEachPeriod()
    {
        var log = new FakeLogger<BudgetGate>();
        var (gate, budget) = (CreateGate(log), new Budget { Tenant = "acme", Daily = 2, Monthly = 3.6m });
        await SpendAsync("2026-03-10", "acme", "m", 1_700_000_000);

        for (var i = 0; i < 5; i++)
            await gate.CheckAsync(budget, headers: null);

        string[] first = ["Tenant acme has spent 85 % of its budget of the day"];
        Assert.Equal(first, Warnings(log));

        await SpendAsync("2026-03-11", "acme", "m", 1_600_000_000);
        _time.Advance(TimeSpan.FromHours(6));
        // The figures are read in the background.
        for (var i = 0; i < 100 && Warnings(log).Count < 3; i++)
        {
            await gate.CheckAsync(budget, headers: null);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        await gate.CheckAsync(budget, headers: null);
        Assert.Equal(
            [.. first, "Tenant acme has spent 92 % of its budget of the month", "Tenant acme has spent 80 % of its budget of the day"], Warnings(log));
    }

    [Fact]
    public async Task Check_BelowAlertAt_TellsNobodyButTheMetric()
    {
        var log = new FakeLogger<BudgetGate>();
        using var used = CollectUsed();
        await SpendAsync("2026-03-10", "acme", "m", 1_500_000_000);
        var context = new DefaultHttpContext();

        await CreateGate(log).CheckAsync(new Budget { Tenant = "acme", Daily = 2 }, context.Response.Headers);
        await CreateGate(log).CheckAsync(new Budget { Tenant = "acme", Daily = 2, AlertAt = 0.75m }, headers: null);

        Assert.False(context.Response.Headers.ContainsKey("X-Budget-Used"));
        Assert.Equal(["Tenant acme has spent 75 % of its budget of the day"], Warnings(log));
        Assert.All(Observe(used), value => Assert.Equal("acme day 0.75", value));
    }

    [Fact]
    public async Task Check_ABudget_IsInTheMetricUntilItsPeriodIsOver()
    {
        using var used = CollectUsed();
        var gate = CreateGate();
        await SpendAsync("2026-03-10", "acme", "m", 1_700_000_000);

        await gate.CheckAsync(new Budget { Tenant = "acme", Daily = 2, Monthly = 10 }, headers: null);
        await gate.CheckAsync(new Budget { Tenant = "other", Monthly = 10 }, headers: null);

        Assert.Equal(["acme day 0.85", "acme month 0.17", "other month 0"], Observe(used));
        _time.Advance(TimeSpan.FromHours(6));
        Assert.Equal(["acme month 0.17", "other month 0"], Observe(used));
        _time.Advance(TimeSpan.FromDays(21));
        Assert.Empty(Observe(used));
    }

    [Fact]
    public async Task Check_TheDayAfter_LetsTheFirstRequestIn()
    {
        var (gate, budget) = (CreateGate(), new Budget { Tenant = "acme", Daily = 2 });
        await SpendAsync("2026-03-10", "acme", "m", 3_000_000_000);
        Assert.Equal(429, (await RefusalAsync(gate, budget)).Status);

        _time.Advance(TimeSpan.FromHours(6));

        await gate.CheckAsync(budget, headers: null);
    }

    [Theory]
    [InlineData("2026-03-10", 3, 5)]
    [InlineData("2026-03-11", 0, 5)]
    [InlineData("2026-04-10", 0, 0)]
    [InlineData("2027-03-11", 0, 0)]
    public void Spending_OnALaterDay_CountsWhatIsOfItsMonth(string day, int today, int month)
    {
        var spent = new Spending(new DateOnly(2026, 3, 10), 3, 5).On(DateOnly.Parse(day, CultureInfo.InvariantCulture));

        Assert.Equal((today, month), (spent.Today, spent.Month));
    }

    [Fact]
    public async Task Check_BudgetOfTheMonthSpent_RefusesForGood()
    {
        var (gate, budget) = (CreateGate(), new Budget { Tenant = "acme", Monthly = 10 });
        await SpendAsync("2026-03-01", "acme", "m", 10_000_000_000);

        Assert.Equal(402, (await RefusalAsync(gate, budget)).Status);
        await gate.CheckAsync(new Budget { Tenant = "other", Monthly = 10 }, headers: null);
    }

    private async Task<InferenceError> RefusalAsync(BudgetGate gate, Budget budget)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            try
            {
                await gate.CheckAsync(budget, headers: null);
            }
            catch (InferenceException error)
            {
                return error.Error;
            }

            // The figures are read in the background.
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("Nothing was refused.");
    }

    private BudgetGate CreateGate(ILogger<BudgetGate>? log = null)
    {
        var spending = new SpendingSnapshot(new CostTable(_tables), _time, NullLogger<SpendingSnapshot>.Instance);
        var metrics = new BudgetMetrics(_meters.GetRequiredService<IMeterFactory>(), _time);
        return new BudgetGate(spending, metrics, _time, log ?? NullLogger<BudgetGate>.Instance);
    }

    private static List<string> Warnings(FakeLogger<BudgetGate> log) =>
        [.. log.Collector.GetSnapshot().Where(record => record.Level == LogLevel.Warning).Select(record => record.Message)];

    private MetricCollector<double> CollectUsed() =>
        new(_meters.GetRequiredService<IMeterFactory>(), MetricNames.GatewayMeter, MetricNames.GatewayBudgetUsed);

    private static List<string> Observe(MetricCollector<double> used)
    {
        used.RecordObservableInstruments();
        return [.. used.GetMeasurementSnapshot(clear: true)
            .Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Tags["tenant"]} {value.Tags["period"]} {value.Value}"))
            .Order(StringComparer.Ordinal)];
    }

    private async Task<JsonElement> GetAsync(Caller caller, string query)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.QueryString = new QueryString(query);
        using var body = new MemoryStream();
        context.Response.Body = body;
        await new CostEndpoint(new CostTable(_tables), _time).HandleAsync(context, caller);
        await context.Response.BodyWriter.FlushAsync();
        return JsonSerializer.Deserialize<JsonElement>(body.ToArray());
    }

    private async Task SpendAsync(string day, string tenant, string model, long nanos) =>
        await _tables.GetTableClient(CostTables.Costs).UpsertEntityAsync(new TableEntity(day, $"{tenant}-{model}")
        {
            [CostTables.Tenant] = tenant,
            [CostTables.Model] = model,
            [CostTables.Currency] = "USD",
            [CostTables.Nanos] = nanos,
            [CostTables.DeviceSeconds] = 1.0,
            [CostTables.Requests] = 1L,
        });
}

using System.Collections.Concurrent;
using Serverless.Cli.Tests.Generation;

namespace Serverless.Cli.Tests.Tenants;

public sealed class TenantCommandsTests : IDisposable
{
    private const string Shop = """
        {"object":"tenant","tenant":"shop","requests_per_minute":60,"tokens_per_minute":null,"rows_per_minute":null,"concurrent_requests":null,"concurrent_batches":null,"daily_budget":null,"monthly_budget":100.5,
        "budget_alert_at":null,"updated_at":1,"holds":{"requests_per_minute":60,"tokens_per_minute":5000,"rows_per_minute":0,
        "concurrent_requests":4,"concurrent_batches":0,"daily_budget":null,"monthly_budget":100.5,"budget_alert_at":0.8}}
        """;

    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ScriptedApi _api;

    public TenantCommandsTests() => _api = new ScriptedApi((request, body) =>
    {
        _asked.Enqueue($"{request} {body.GetRawText()}");
        return request == "GET /v1/admin/tenants" ? (200, $$"""{"object":"list","data":[{{Shop}}]}""") : (200, Shop);
    });

    public void Dispose() => _api.Dispose();

    [Fact]
    public async Task List_ShowsWhatHolds()
    {
        var run = await RunAsync("tenant", "list");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches("shop +│ 60 +│ 5000 +│ none +│ 4 +│ none +│ none +│ 100.5 +│ 0.8", run.Output);
    }

    [Fact]
    public async Task Show_SaysWhereLimitsComeFrom()
    {
        var run = await RunAsync("tenant", "show", "shop");

        Assert.Matches("requests/min +│ 60 +│ its own", run.Output);
        Assert.Matches("tokens/min +│ 5000 +│ the configuration", run.Output);
        Assert.Matches("batches +│ none +│ the configuration", run.Output);
        Assert.Matches("alert at +│ 0.8 +│ its own", run.Output);
    }

    [Fact]
    public async Task Set_OneLimit_LeavesTheOthers()
    {
        var run = await RunAsync("tenant", "set", "shop", "--tokens", "900", "--batches", "3", "--daily", "7.5");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(
            [
                "GET /v1/admin/tenants/shop null",
                """PUT /v1/admin/tenants/shop {"requests_per_minute":60,"tokens_per_minute":900,"rows_per_minute":null,"concurrent_requests":null,"concurrent_batches":3,"daily_budget":7.5,"monthly_budget":100.5,"budget_alert_at":null}""",
            ],
            _asked);
    }

    [Theory]
    [InlineData(""""monthly_budget":250"""", "budget", "set", "shop", "250")]
    [InlineData(""""daily_budget":0.5,"monthly_budget":100.5"""", "budget", "set", "shop", "0.5", "--daily")]
    public async Task Budget_Set_SetsThatOne(string sent, params string[] arguments)
    {
        var run = await RunAsync(arguments);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains(sent, _asked.Last(), StringComparison.Ordinal);
        Assert.Contains("""{"requests_per_minute":60,""", _asked.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reset_DeletesItsOwn()
    {
        await RunAsync("tenant", "reset", "a b");

        Assert.StartsWith("DELETE /v1/admin/tenants/a%20b", Assert.Single(_asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_Nothing_SaysWhatThereIs()
    {
        var run = await RunAsync("tenant", "set", "shop");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("--requests, --tokens, --rows, --concurrent, --batches", run.Errors, StringComparison.Ordinal);
        Assert.Empty(_asked);
    }

    private Task<InferRun> RunAsync(params string[] arguments) => InferRun.OfAsync([.. arguments, "--url", _api.Url, "--key", "k"]);
}

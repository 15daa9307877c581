using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Serverless.Gateway.Costs.Budgets;
using Serverless.Gateway.RateLimits;
using Serverless.Gateway.Tenants;
using Serverless.Gateway.Tests.Authentication;
using Serverless.Gateway.Tests.Jobs;

namespace Serverless.Gateway.Tests.Tenants;

[Collection(JobsCollection.Name)]
public sealed class TenantEndpointsTests(JobsFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Set_RequestsPerMinute_HoldsFromTheNextRequestUntilItIsReset()
    {
        using var client = await CreateClientAsync("limited");
        Assert.Equal(HttpStatusCode.OK, await ModelsAsync(client));

        var set = await SetAsync("limited", """{"requests_per_minute":2}""");
        var answers = new[] { await ModelsAsync(client), await ModelsAsync(client), await ModelsAsync(client) };
        var reset = await OperatorAsync(HttpMethod.Delete, "/v1/admin/tenants/limited");

        Assert.Equal((2, 2), (set.GetProperty("requests_per_minute").GetInt32(), set.GetProperty("holds").GetProperty("requests_per_minute").GetInt32()));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], answers);
        Assert.Equal(JsonValueKind.Null, reset.GetProperty("requests_per_minute").ValueKind);
        Assert.Equal(HttpStatusCode.OK, await ModelsAsync(client));
    }

    [Fact]
    public async Task Set_Budget_RefusesWorkOfThatTenantAlone()
    {
        using var poor = await CreateClientAsync("poor");
        using var other = await CreateClientAsync("not-poor");

        await SetAsync("poor", """{"monthly_budget":0}""");

        Assert.Equal(HttpStatusCode.PaymentRequired, await EmbedAsync(poor));
        Assert.Equal(HttpStatusCode.OK, await ModelsAsync(poor));
        Assert.Equal(HttpStatusCode.OK, await EmbedAsync(other));
    }

    [Fact]
    public async Task Set_ElsewhereInAnotherGateway_IsSeenWithinTheBound()
    {
        var elsewhere = CreateBook(fixture.Get<TenantTable>(), usual: 100);
        Assert.Equal(100, (await elsewhere.OfAsync("seen")).RequestsPerMinute);

        await SetAsync("seen", """{"requests_per_minute":7,"tokens_per_minute":8,"rows_per_minute":9,"concurrent_requests":10,"concurrent_batches":3}""");

        fixture.Time.Advance(LimitBook.MaxAge);
        var limits = await elsewhere.OfAsync("seen");
        Assert.Equal(new TenantLimits(7, 8, 9, 10, 3), limits);
    }

    [Fact]
    public async Task Limits_PartlyTheTenantsOwn_AreTheConfigurationsOtherwise()
    {
        var book = CreateBook(fixture.Get<TenantTable>(), usual: 100, new Budget { Tenant = "mixed", Daily = 5, AlertAt = 0.5m });
        await SetAsync("mixed", """{"concurrent_batches":0}""");
        var before = await book.OfAsync("mixed");

        await SetAsync("mixed", """{"monthly_budget":12.34,"budget_alert_at":0.9}""");
        book.Invalidate();
        var after = await book.OfAsync("mixed");

        Assert.Equal((100, 5m), (before.RequestsPerMinute, before.Budget!.Daily));
        // A budget is one thing: the configured day's does not go on beside it.
        Assert.Equal((null, 12.34m, 0.9m), (after.Budget!.Daily, after.Budget.Monthly, after.Budget.AlertAt));
    }

    [Fact]
    public async Task Limits_TableThatCannotBeRead_AreTheConfigurations()
    {
        var book = CreateBook(new TenantTable(ApiKeyAuthenticatorTests.NoTables()), usual: 100);

        Assert.Equal(100, (await book.OfAsync("anybody")).RequestsPerMinute);
    }

    [Fact]
    public async Task List_TenantsWithLimits_ShowsThemByName()
    {
        await SetAsync("list%2Fb", """{"daily_budget":1.5}""");
        await SetAsync("list%2Fa", """{"requests_per_minute":0}""");

        var list = (await OperatorAsync(HttpMethod.Get, "/v1/admin/tenants")).GetProperty("data");

        var mine = list.EnumerateArray().Where(tenant => tenant.GetProperty("tenant").GetString()!.StartsWith("list", StringComparison.Ordinal)).ToList();
        Assert.Equal(["list/a", "list/b"], mine.Select(tenant => tenant.GetProperty("tenant").GetString()));
        Assert.Equal(1.5m, mine[1].GetProperty("holds").GetProperty("daily_budget").GetDecimal());
        var shown = await OperatorAsync(HttpMethod.Get, "/v1/admin/tenants/list%2Fb");
        Assert.Equal(mine[1].GetRawText(), shown.GetRawText());
    }

    [Theory]
    [InlineData("{}", "At least one")]
    [InlineData("nonsense", "JSON")]
    [InlineData("null", "JSON")]
    [InlineData("""{"requests_per_minute":-1}""", "from 0 to 10000000")]
    [InlineData("""{"requests_per_minute":1.5}""", "requests_per_minute")]
    [InlineData("""{"requests_per_minute":10000001}""", "requests_per_minute")]
    [InlineData("""{"tokens_per_minute":-1}""", "'tokens_per_minute' must be from 0 to 1000000000")]
    [InlineData("""{"rows_per_minute":1000000001}""", "'rows_per_minute' must be from 0 to 1000000000")]
    [InlineData("""{"concurrent_batches":1001}""", "from 0 to 1000")]
    [InlineData("""{"daily_budget":-0.01}""", "daily_budget")]
    [InlineData("""{"monthly_budget":1e12}""", "monthly_budget")]
    [InlineData("""{"daily_budget":1,"budget_alert_at":0}""", "budget_alert_at")]
    [InlineData("""{"budget_alert_at":0.5}""", "needs 'daily_budget'")]
    [InlineData("""{"tokens":5}""", "concurrent_batches")]
    public async Task Set_WrongRequest_SaysWhatIsWrong(string body, string named)
    {
        var answer = await OperatorAsync(HttpMethod.Put, "/v1/admin/tenants/wrong", body, HttpStatusCode.BadRequest);

        Assert.Contains(named, JsonElement.Parse(answer.GetRawText()).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_IsAudited()
    {
        await SetAsync("audited-tenant", """{"daily_budget":42.4242}""");

        var log = (await OperatorAsync(HttpMethod.Get, $"/v1/admin/audit?limit=1000&day={fixture.Time.GetUtcNow():yyyy-MM-dd}")).GetProperty("data");

        var entry = log.EnumerateArray().Single(entry => entry.GetProperty("what").GetString() == "PUT /v1/admin/tenants/audited-tenant");
        Assert.Equal(("olga", 200), (entry.GetProperty("who").GetString(), entry.GetProperty("outcome").GetInt32()));
        Assert.DoesNotContain("42.4242", log.GetRawText(), StringComparison.Ordinal);
    }

    private LimitBook CreateBook(TenantTable table, int usual, params Budget[] budgets)
    {
        var options = new BudgetOptions();
        foreach (var budget in budgets)
            options.Budgets.Add(budget);
        return new LimitBook(
            table, Options.Create(new RateLimitOptions { RequestsPerMinute = usual }), Options.Create(options), fixture.Time, NullLogger<LimitBook>.Instance);
    }

    private async Task<HttpClient> CreateClientAsync(string tenant)
    {
        var made = await OperatorAsync(HttpMethod.Post, "/v1/admin/keys", $$"""{"tenant":"{{tenant}}"}""", HttpStatusCode.Created);
        return fixture.CreateClient(made.GetProperty("key").GetString()!);
    }

    private Task<JsonElement> SetAsync(string tenant, string body) => OperatorAsync(HttpMethod.Put, "/v1/admin/tenants/" + tenant, body);

    private async Task<JsonElement> OperatorAsync(HttpMethod method, string path, string? body = null, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var api = new JobApi(fixture.CreateClient("olga"));
        return await api.SendAsync(method, path, body, expected);
    }

    private static async Task<HttpStatusCode> ModelsAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/v1/models", Token);
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> EmbedAsync(HttpClient client)
    {
        using var body = new StringContent("""{"model":"small","input":"a"}""", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/v1/embeddings", body, Token);
        return response.StatusCode;
    }
}

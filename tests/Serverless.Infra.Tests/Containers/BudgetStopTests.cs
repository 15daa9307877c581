using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Serverless.Topology.Processes;

namespace Serverless.Infra.Tests.Containers;

/// <summary>Tenants spend; gateways that are given budgets after that refuse them, and let them in again once there is more.</summary>
[Collection(PublishedCollection.Name)]
public sealed class BudgetStopTests(PublishedPlatform platform)
{
    private const string DailyKey = "the-key-of-who-pays-by-the-day";
    private const string MonthlyKey = "the-key-of-who-pays-by-the-month";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Budgets_Spent_StopTheirTenantsUntilTheyAreRaised()
    {
        var ports = FreePorts.Pick(3);
        decimal daily, monthly;
        await using (await platform.StartGatewayAsync(ports[0], Tenants()))
        {
            daily = await SpendAsync(DailyKey, ports[0]);
            monthly = await SpendAsync(MonthlyKey, ports[0]);
        }

        var gateways = await Task.WhenAll(
            platform.StartGatewayAsync(ports[1], Tenants(daily / 2, monthly / 2)),
            platform.StartGatewayAsync(ports[2], Tenants(daily * 1000, monthly * 1000)));
        await using var strict = gateways[0];
        await using var raised = gateways[1];

        var (dailyStatus, dailyText) = await PublishedPlatform.AskAsync(DailyKey, ports[1]);
        Assert.Equal(HttpStatusCode.TooManyRequests, dailyStatus);
        Assert.Contains("for today is spent; the next day begins at 00:00 UTC", dailyText, StringComparison.Ordinal);
        var (monthlyStatus, monthlyText) = await PublishedPlatform.AskAsync(MonthlyKey, ports[1]);
        Assert.Equal(HttpStatusCode.PaymentRequired, monthlyStatus);
        Assert.Contains("for this month is spent; an operator can raise it", monthlyText, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await PublishedPlatform.AskAsync(DailyKey, ports[2])).Status);
        Assert.Equal(HttpStatusCode.OK, (await PublishedPlatform.AskAsync(MonthlyKey, ports[2])).Status);
    }

    private static Dictionary<string, string> Tenants(decimal? daily = null, decimal? monthly = null)
    {
        var settings = new Dictionary<string, string>
        {
            ["Gateway__ApiKeys__7__Name"] = "by-the-day",
            ["Gateway__ApiKeys__7__Sha256"] = PublishedPlatform.Hash(DailyKey),
            ["Gateway__ApiKeys__8__Name"] = "by-the-month",
            ["Gateway__ApiKeys__8__Sha256"] = PublishedPlatform.Hash(MonthlyKey),
        };
        Limit(7, "by-the-day", "Daily", daily);
        Limit(8, "by-the-month", "Monthly", monthly);
        return settings;

        void Limit(int index, string tenant, string period, decimal? amount)
        {
            if (amount is not { } most)
                return;
            settings[$"Gateway__Budgets__{index}__Tenant"] = tenant;
            settings[$"Gateway__Budgets__{index}__{period}"] = most.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Has a request answered, and waits until its cost is written.</summary>
    private static async Task<decimal> SpendAsync(string key, int port)
    {
        Assert.Equal(HttpStatusCode.OK, (await PublishedPlatform.AskAsync(key, port)).Status);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        for (var tries = 0; tries < 100; tries++)
        {
            var costs = JsonElement.Parse(await client.GetStringAsync("/v1/costs", Token));
            if (costs.GetProperty("total").GetDecimal() is > 0 and var total)
                return total;
            await Task.Delay(100, Token);
        }

        throw new TimeoutException("No cost was written.");
    }
}

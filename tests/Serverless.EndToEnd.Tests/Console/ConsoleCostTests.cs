using System.Net;
using Azure.Data.Tables;
using Microsoft.Playwright;
using Serverless.Contracts.Costs;

namespace Serverless.EndToEnd.Tests.Console;

[Collection(PlatformCollection.Name)]
public sealed class ConsoleCostTests(PlatformFixture fixture, BrowserFixture browser)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Costs_OfSeveralTenants_AreDrawnAndListed()
    {
        await WriteAsync(("research", 2.5m, 1_402, 5_120), ("acme", 18.42m, 10_331, 84_210), ("shop", 6.08m, 3_410, 20_377), ("intern", 0.004m, 2, 31));
        await using var console = await ConsolePage.OpenAsync(browser, fixture, fixture.Platform.Options.ApiKey);

        var view = await console.ShowAsync("costs");
        await view.GetByLabel("From").FillAsync("2026-03-01");
        await view.GetByLabel("To (UTC, inclusive)").FillAsync("2026-03-31");
        await view.Locator("svg rect.bar").Nth(3).WaitForAsync();

        Assert.Equal("$27.00", await view.Locator(".value").InnerTextAsync());
        Assert.Equal(["acme", "shop", "research", "intern"], await view.Locator("tbody th").AllInnerTextsAsync());
        Assert.Equal("$0.004000", await view.Locator("tbody tr").Last.Locator("td").First.InnerTextAsync());
        await console.TakePictureAsync("cost");
    }

    // As replicas write them, of a month in which none of this platform's ran: several tenants' worth of real runs would take hours.
    private async Task WriteAsync(params (string Tenant, decimal Cost, double Seconds, long Requests)[] charges)
    {
        var table = new TableClient(fixture.Platform.StorageConnectionString, CostTables.Costs);
        await table.CreateIfNotExistsAsync(Token);
        foreach (var (tenant, cost, seconds, requests) in charges)
        {
            await table.UpsertEntityAsync(
                new TableEntity("2026-03-10", $"console-{tenant}")
                {
                    [CostTables.Tenant] = tenant,
                    [CostTables.Model] = TestModels.Small,
                    [CostTables.Pool] = "default",
                    [CostTables.Currency] = "USD",
                    [CostTables.Nanos] = (long)(cost * CostTables.NanosPerUnit),
                    [CostTables.DeviceSeconds] = seconds,
                    [CostTables.Requests] = requests,
                },
                cancellationToken: Token);
        }
    }

    /// <summary>Against the gateway itself, whether or not it knows of costs.</summary>
    [Fact]
    public async Task Costs_OfThisGateway_AreShownOrSaidToBeMissing()
    {
        using var client = fixture.CreateClient();
        using var answer = await client.GetAsync("/v1/costs?by=tenant&from=2026-01-01&to=2026-01-02", Token);
        await using var console = await ConsolePage.OpenAsync(browser, fixture, fixture.Platform.Options.ApiKey);

        var view = await console.ShowAsync("costs");

        await (answer.StatusCode == HttpStatusCode.NotFound
            ? view.GetByText("Costs are not available on this gateway.")
            : view.GetByRole(AriaRole.Heading, new() { Name = "Cost by tenant" })).WaitForAsync();
    }
}

using System.Net;
using Microsoft.Playwright;

namespace Serverless.EndToEnd.Tests.Console;

[Collection(PlatformCollection.Name)]
public sealed class ConsoleCostTests(PlatformFixture fixture, BrowserFixture browser)
{
    [Fact]
    public async Task Costs_OfSeveralTenants_AreDrawnAndListed()
    {
        await using var console = await ConsolePage.OpenAsync(browser, fixture, fixture.Platform.Options.ApiKey);
        await console.Page.RouteAsync("**/v1/costs?*", route => route.FulfillAsync(new()
        {
            Json = Costs.Of(("research", 2.5, 1_402, 5_120), ("acme", 18.42, 10_331, 84_210), ("shop", 6.08, 3_410, 20_377), ("intern", 0.004, 2, 31)),
        }));

        var view = await console.ShowAsync("costs");
        await view.Locator("svg rect.bar").Nth(3).WaitForAsync();

        Assert.Equal("$27.00", await view.Locator(".value").InnerTextAsync());
        Assert.Equal(["acme", "shop", "research", "intern"], await view.Locator("tbody th").AllInnerTextsAsync());
        Assert.Equal("$0.004000", await view.Locator("tbody tr").Last.Locator("td").First.InnerTextAsync());
        await console.TakePictureAsync("cost");
    }

    /// <summary>Against the gateway itself, whether or not it knows of costs.</summary>
    [Fact]
    public async Task Costs_OfThisGateway_AreShownOrSaidToBeMissing()
    {
        using var client = fixture.CreateClient();
        using var answer = await client.GetAsync("/v1/costs?by=tenant&from=2026-01-01&to=2026-01-02", TestContext.Current.CancellationToken);
        await using var console = await ConsolePage.OpenAsync(browser, fixture, fixture.Platform.Options.ApiKey);

        var view = await console.ShowAsync("costs");

        await (answer.StatusCode == HttpStatusCode.NotFound
            ? view.GetByText("Costs are not available on this gateway.")
            : view.GetByRole(AriaRole.Heading, new() { Name = "Cost by tenant" })).WaitForAsync();
    }
}

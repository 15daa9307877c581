using System.Net;
using Microsoft.Playwright;

namespace Serverless.EndToEnd.Tests.Console;

[Collection(PlatformCollection.Name)]
public sealed class ConsoleTests(PlatformFixture fixture, BrowserFixture browser)
{
    private static readonly string[] Views = ["models", "live", "chat", "batches", "costs"];

    private static readonly object NoCosts = new { @object = "list", currency = "USD", by = "tenant", data = Array.Empty<object>(), total = 0 };

    [Fact]
    public async Task Console_PromptIsLeftUnanswered_IsNotShown()
    {
        await using var console = await ConsolePage.OpenAsync(browser, fixture, key: null);

        var refusal = await Assert.ThrowsAsync<PlaywrightException>(() => console.Page.GotoAsync("/console/"));

        // What Chromium without a window says in place of its prompt.
        Assert.Contains("ERR_INVALID_AUTH_CREDENTIALS", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Console_WrongKey_IsNotShown()
    {
        await using var console = await ConsolePage.OpenAsync(browser, fixture, "no key at all");

        var response = await console.Page.GotoAsync("/console/");

        Assert.Equal((int)HttpStatusCode.Unauthorized, response!.Status);
        Assert.StartsWith("Basic realm=\"inference console\"", await response.HeaderValueAsync("www-authenticate"), StringComparison.Ordinal);
        Assert.Equal(0, await console.Page.Locator("#view").CountAsync());
    }

    [Fact]
    public async Task Models_WithAReplicaThatHoldsOne_ShowsItsState()
    {
        await using var console = await ConsolePage.OpenAsync(browser, fixture, fixture.Platform.Options.ApiKey);

        var view = await console.ShowAsync("models");
        var row = view.Locator($"tr[data-model='{TestModels.Small}']");
        await row.GetByRole(AriaRole.Button, new() { Name = $"Warm {TestModels.Small}" }).ClickAsync();

        await row.Locator(".badge.good").GetByText("ready").WaitForAsync();
        await console.TakePictureAsync("models");
    }

    [Fact]
    public async Task EveryView_Opened_AsksItsOwnGatewayOnly()
    {
        await using var console = await ConsolePage.OpenAsync(browser, fixture, fixture.Platform.Options.ApiKey);
        // Whether there are costs is tested elsewhere; a 404 is an error to the browser.
        await console.Page.RouteAsync("**/v1/costs?*", route => route.FulfillAsync(new() { Json = NoCosts }));
        // So is the 404 of an input that another test has deleted by now.
        await console.Page.RouteAsync("**/v1/files/*", route => route.FulfillAsync(new() { Json = new { filename = "in.jsonl" } }));

        foreach (var view in Views)
        {
            var place = await console.ShowAsync(view);
            await place.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
            await console.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        }

        var hosts = console.Requests.Select(request => request.Authority).Distinct();
        Assert.Equal(fixture.Platform.ApiUrl.Authority, Assert.Single(hosts));
        Assert.Empty(console.Errors);
    }

    [Fact]
    public async Task Live_WhileRequestsCome_DrawsThem()
    {
        await using var console = await ConsolePage.OpenAsync(browser, fixture, fixture.Platform.Options.ApiKey, ColorScheme.Dark);
        using var client = fixture.CreateClient();

        var view = await console.ShowAsync("live");
        var rate = view.Locator("section[aria-label='Requests per second']");
        await rate.Locator("svg").WaitForAsync();
        var line = rate.Locator("path.line0");
        while (await line.CountAsync() == 0)
        {
            using var answer = await client.PostAsync(
                $"/v2/models/{TestModels.Small}/infer", new StringContent(TestModels.SmallRequest), TestContext.Current.CancellationToken);
        }

        Assert.DoesNotMatch("^0 ", await rate.Locator(".value").InnerTextAsync());
        Assert.Matches("ms|s", await view.Locator("section[aria-label='Latency of the last 30 s'] .value").InnerTextAsync());
        await console.TakePictureAsync("live");
    }
}

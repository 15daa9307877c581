using System.Text.Json;
using Microsoft.Playwright;
using Serverless.Models.Publishing;
using Serverless.SampleModels;

namespace Serverless.EndToEnd.Tests.Console;

[Collection(PlatformCollection.Name)]
public sealed class ConsoleChatTests(PlatformFixture fixture, BrowserFixture browser)
{
    // The small model writes a verse within a tenth of a second; over a line this slow it takes seconds, as a large one does.
    private const int BytesPerSecond = 6_000;

    // Timers run between the pieces that come over the network, so that each length seen was on the screen.
    private const string WatchLengths = """
        window.lengths = [];
        setInterval(() => {
            const text = [...document.querySelectorAll('.bubble.assistant .text')].at(-1)?.textContent ?? '';
            if (text.length > 0 && text.length !== lengths.at(-1)) lengths.push(text.length);
        }, 10);
        """;

    [Fact]
    public async Task Chat_LongAnswer_GrowsOnTheScreenAndStopsWhenTold()
    {
        await TestModels.PushTinyLmAsync(new ModelPublisher(fixture.Store));
        await using var console = await ConsolePage.OpenAsync(browser, fixture, fixture.Platform.Options.ApiKey);
        await (await console.ShowAsync("models")).Locator($"tr[data-model='{TinyLm.Name}']").WaitForAsync();
        var view = await console.ShowAsync("chat");
        await view.GetByLabel("Model").SelectOptionAsync(TinyLm.Name);
        await view.GetByLabel("Temperature").FillAsync("0");
        await SlowDownAsync(console.Page);
        await console.Page.EvaluateAsync(WatchLengths);

        await SayAsync(view, "In the beginning God created the heaven and the earth.");
        await WaitForAsync(console.Page, "lengths.length >= 10");
        await console.TakePictureAsync("chat");
        await view.Locator(".note").GetByText("tokens/s").WaitForAsync();
        var lengths = await console.Page.EvaluateAsync<int[]>("lengths");
        Assert.Equal(lengths.Order(), lengths);

        await SayAsync(view, "And God said, Let there be light.");
        await WaitForAsync(console.Page, "document.querySelectorAll('.bubble.assistant .text')[1]?.textContent.length > 5");
        await view.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await view.Locator(".note").GetByText("Stopped.").WaitForAsync();
        Assert.True(await view.GetByRole(AriaRole.Button, new() { Name = "Send" }).IsEnabledAsync());
    }

    [Fact]
    public async Task Chat_AnswerThatIsMarkup_StaysText()
    {
        const string Markup = "<img src=x onerror=\"window.hurt = true\">";
        await using var console = await ConsolePage.OpenAsync(browser, fixture, fixture.Platform.Options.ApiKey);
        var piece = JsonSerializer.Serialize(new { choices = new[] { new { delta = new { content = Markup } } } });
        await console.Page.RouteAsync("**/v1/chat/completions", route => route.FulfillAsync(new()
        {
            ContentType = "text/event-stream",
            Body = $": a comment\n\ndata: {piece}\n\ndata: [DONE]\n\n",
        }));

        var view = await console.ShowAsync("chat");
        await SayAsync(view, Markup);
        await view.Locator(".bubble.assistant .note").WaitForAsync();

        Assert.Equal([Markup, Markup], await view.Locator(".bubble .text").AllInnerTextsAsync());
        Assert.Equal(0, await view.Locator("img").CountAsync());
        Assert.False(await console.Page.EvaluateAsync<bool>("'hurt' in window"));
    }

    private static async Task SayAsync(ILocator view, string text)
    {
        await view.Locator("#chat-model option").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await view.GetByLabel("Message").FillAsync(text);
        await view.GetByLabel("Message").PressAsync("Enter");
    }

    /// <summary>From outside: Playwright's own way is to evaluate text in the page, which the page's policy forbids.</summary>
    private static async Task WaitForAsync(IPage page, string condition) => await Wait.ForAsync(
        async () => await page.EvaluateAsync<bool>($"Boolean({condition})") ? condition : null, condition);

    private static async Task SlowDownAsync(IPage page)
    {
        var devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("Network.emulateNetworkConditions", new Dictionary<string, object>
        {
            ["offline"] = false,
            ["latency"] = 0,
            ["downloadThroughput"] = BytesPerSecond,
            ["uploadThroughput"] = -1,
        });
    }
}

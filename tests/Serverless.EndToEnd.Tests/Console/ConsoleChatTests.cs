using System.Text.Json;
using Microsoft.Playwright;
using Serverless.Models.Publishing;
using Serverless.SampleModels;

namespace Serverless.EndToEnd.Tests.Console;

[Collection(PlatformCollection.Name)]
public sealed class ConsoleChatTests(PlatformFixture fixture, BrowserFixture browser)
{
    // Timers run between the pieces that come over the network, so that each length seen was on the screen.
    private const string WatchLengths = """
        window.lengths = [];
        setInterval(() => {
            const text = document.querySelector('.bubble.assistant .text')?.textContent ?? '';
            if (text.length > 0 && text.length !== lengths.at(-1)) lengths.push(text.length);
        }, 4);
        """;

    // The small model writes a verse within a tenth of a second: its events are let through one by one, as a large one sends them.
    private const string SlowDown = """
        const Decoder = TextDecoderStream;
        window.TextDecoderStream = class {
            constructor() {
                const decoder = new Decoder();
                this.writable = decoder.writable;
                this.readable = decoder.readable.pipeThrough(new TransformStream({
                    async transform(text, controller) {
                        for (const event of text.split(/(?<=\n\n)/)) {
                            await new Promise(resolve => setTimeout(resolve, 60));
                            controller.enqueue(event);
                        }
                    },
                }));
            }
        };
        """;

    [Fact]
    public async Task Chat_LongAnswer_GrowsOnTheScreenUntilItIsStopped()
    {
        const string Writer = "console-writer";
        await TestModels.PushDecoderAsync(new ModelPublisher(fixture.Store), Writer, TestModels.LongWinded);
        await using var console = await ConsolePage.OpenAsync(browser, fixture, fixture.Platform.Options.ApiKey);
        var view = await ShowAsync(console, Writer);
        await view.GetByLabel("At most so many tokens").FillAsync("900");
        await console.Page.EvaluateAsync(WatchLengths);

        await SayAsync(view, "Go on.");
        await WaitAsync(console.Page, "lengths.length >= 5");
        await view.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await view.Locator(".note").GetByText("Stopped.").WaitForAsync();

        var lengths = await console.Page.EvaluateAsync<int[]>("lengths");
        Assert.Equal(lengths.Order(), lengths);
        Assert.True(await view.GetByRole(AriaRole.Button, new() { Name = "Send" }).IsEnabledAsync());
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.Equal(lengths[^1], await console.Page.EvaluateAsync<int>("lengths.at(-1)"));
    }

    [Fact]
    public async Task Chat_SlowAnswer_IsShownAsItComes()
    {
        await TestModels.PushTinyLmAsync(new ModelPublisher(fixture.Store));
        await using var console = await ConsolePage.OpenAsync(browser, fixture, fixture.Platform.Options.ApiKey);
        await console.Page.AddInitScriptAsync(SlowDown);
        var view = await ShowAsync(console, TinyLm.Name);

        await SayAsync(view, "In the beginning God created the heaven and the earth.");
        await WaitAsync(console.Page, "document.querySelector('.bubble.assistant .text')?.textContent.length > 60");
        await console.TakePictureAsync("chat");
        await view.Locator(".note").GetByText("first token after").WaitForAsync();

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

    /// <summary>The chat with <paramref name="model"/>, once the gateway knows it.</summary>
    private static async Task<ILocator> ShowAsync(ConsolePage console, string model)
    {
        await (await console.ShowAsync("models")).Locator($"tr[data-model='{model}']").WaitForAsync();
        var view = await console.ShowAsync("chat");
        await view.GetByLabel("Model").SelectOptionAsync(model);
        await view.GetByLabel("Temperature").FillAsync("0");
        return view;
    }

    /// <summary>From outside: Playwright's own way is to evaluate text in the page, which the page's policy forbids.</summary>
    private static async Task WaitAsync(IPage page, string condition) => await Wait.ForAsync(
        async () => await page.EvaluateAsync<bool>($"Boolean({condition})") ? condition : null, condition);
}

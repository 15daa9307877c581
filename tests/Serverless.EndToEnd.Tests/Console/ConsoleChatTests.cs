using System.Text.Json;
using Microsoft.Playwright;
using Serverless.Models.Publishing;
using Serverless.SampleModels;

namespace Serverless.EndToEnd.Tests.Console;

[Collection(PlatformCollection.Name)]
public sealed class ConsoleChatTests(PlatformFixture fixture, BrowserFixture browser)
{
    // The small model writes a verse within a tenth of a second, on a busy machine in a single event: its words are let through one by one,
    // as a large one sends them.
    private const string SlowDown = """
        const Decoder = TextDecoderStream;
        const wordsOf = event => {
            try {
                const chunk = JSON.parse(event.replace(/^data: /, ''));
                return chunk.choices[0].delta.content.match(/\s*\S+|\s+$/g).map(word => {
                    chunk.choices[0].delta.content = word;
                    return `data: ${JSON.stringify(chunk)}\n\n`;
                });
            } catch {
                return [event];
            }
        };
        window.TextDecoderStream = class {
            constructor() {
                const decoder = new Decoder();
                this.writable = decoder.writable;
                this.readable = decoder.readable.pipeThrough(new TransformStream({
                    async transform(text, controller) {
                        for (const word of text.split(/(?<=\n\n)/).flatMap(wordsOf)) {
                            await new Promise(resolve => setTimeout(resolve, 150));
                            controller.enqueue(word);
                        }
                    },
                }));
            }
        };
        """;

    [Fact]
    public async Task Chat_Answer_GrowsOnTheScreenUntilItIsStopped()
    {
        await TestModels.PushTinyLmAsync(new ModelPublisher(fixture.Store));
        await using var console = await ConsolePage.OpenAsync(browser, fixture, fixture.Platform.Options.ApiKey);
        await console.Page.AddInitScriptAsync(SlowDown);
        var view = await ShowAsync(console);
        var text = view.Locator(".bubble.assistant .text");

        await SayAsync(view, "In the beginning God created the heaven and the earth.");
        await WaitForLengthAsync(text, 1);
        var first = await text.InnerTextAsync();
        await WaitForLengthAsync(text, first.Length + 5);
        await console.TakePictureAsync("chat");
        await view.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await view.Locator(".note").GetByText("Stopped.").WaitForAsync();

        var last = await text.InnerTextAsync();
        Assert.StartsWith(first, last, StringComparison.Ordinal);
        Assert.True(await view.GetByRole(AriaRole.Button, new() { Name = "Send" }).IsEnabledAsync());
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.Equal(last, await text.InnerTextAsync());
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

    /// <summary>The chat with our own language model, once the gateway knows it.</summary>
    private static async Task<ILocator> ShowAsync(ConsolePage console)
    {
        await (await console.ShowAsync("models")).Locator($"tr[data-model='{TinyLm.Name}']").WaitForAsync();
        var view = await console.ShowAsync("chat");
        await view.GetByLabel("Model").SelectOptionAsync(TinyLm.Name);
        await view.GetByLabel("Temperature").FillAsync("0");
        return view;
    }

    private static async Task WaitForLengthAsync(ILocator text, int length) => await Wait.ForAsync(
        async () => await text.CountAsync() == 1 && await text.InnerTextAsync() is { } said && said.Length >= length ? said : null,
        $"An answer of {length} characters");
}

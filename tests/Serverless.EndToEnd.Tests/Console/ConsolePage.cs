using System.Collections.Concurrent;
using Microsoft.Playwright;
using Serverless.Topology.Layout;

namespace Serverless.EndToEnd.Tests.Console;

/// <summary>The console in a browser of its own.</summary>
internal sealed class ConsolePage : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    private ConsolePage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Request += (_, request) => Requests.Enqueue(new Uri(request.Url));
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                Errors.Enqueue($"{message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => Errors.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>Everything that the page asked for.</summary>
    public ConcurrentQueue<Uri> Requests { get; } = new();

    /// <summary>What the browser complained of: scripts that threw, and what the policy forbade.</summary>
    public ConcurrentQueue<string> Errors { get; } = new();

    /// <param name="browser">Where it is opened.</param>
    /// <param name="platform">Whose console it is.</param>
    /// <param name="key">What is typed at the browser's prompt; null leaves it unanswered.</param>
    /// <param name="scheme">Which colours the person prefers.</param>
    public static async Task<ConsolePage> OpenAsync(
        BrowserFixture browser, PlatformFixture platform, string? key, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await browser.OpenAsync(new()
        {
            BaseURL = platform.Platform.ApiUrl.ToString(),
            ColorScheme = scheme,
            HttpCredentials = key is null ? null : new() { Username = "anybody", Password = key },
            ViewportSize = new() { Width = 1180, Height = 760 },
        });
        context.SetDefaultTimeout(30_000);
        return new ConsolePage(context, await context.NewPageAsync());
    }

    /// <summary>Opens a view and gives back its place.</summary>
    public async Task<ILocator> ShowAsync(string view)
    {
        await Page.GotoAsync($"/console/#/{view}");
        var place = Page.Locator($".view.{view}");
        await place.WaitForAsync();
        return place;
    }

    /// <summary>Takes a picture into the test's output, or into the documentation when <c>UPDATE=1</c>.</summary>
    public async Task TakePictureAsync(string name)
    {
        var folder = Environment.GetEnvironmentVariable("UPDATE") == "1"
            ? Path.Combine(Repository.Find().Root, "docs", "console")
            : Path.Combine(AppContext.BaseDirectory, "pictures");
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}

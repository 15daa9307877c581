using Microsoft.Playwright;

namespace Serverless.EndToEnd.Tests.Console;

/// <summary>Debian's Chromium without a window. It starts with the first page; Playwright's own browsers are never downloaded.</summary>
public sealed class BrowserFixture : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A browser without a past. Skips where there is none to start.</summary>
    public async Task<IBrowserContext> OpenAsync(BrowserNewContextOptions options)
    {
        Assert.SkipUnless(File.Exists(Program), "The Debian package chromium is not installed.");
        _playwright ??= await Playwright.CreateAsync();
        // Chromium's sandbox cannot be had by root, whom containers run tests as.
        _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = ["--no-sandbox"] });
        return await _browser.NewContextAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

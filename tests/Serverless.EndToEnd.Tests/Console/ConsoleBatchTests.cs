using Microsoft.Playwright;
using Serverless.EndToEnd.Tests.Jobs;

namespace Serverless.EndToEnd.Tests.Console;

[Collection(PlatformCollection.Name)]
public sealed class ConsoleBatchTests(PlatformFixture fixture, BrowserFixture browser)
{
    // Enough that its progress is seen before its end.
    private const int Lines = 6_000;

    private const string FileName = "reviews.jsonl";

    [Fact]
    public async Task Batch_StartedInTheBrowser_MovesAndIsDownloaded()
    {
        await using var console = await ConsolePage.OpenAsync(browser, fixture, fixture.Platform.Options.ApiKey);
        var view = await console.ShowAsync("batches");

        var row = await StartAsync(view, FileName, Lines);
        await WaitForProgressAsync(row, "bar => bar.value > 0 && bar.value < bar.max");
        await console.TakePictureAsync("batches");
        await WaitForProgressAsync(row, "bar => bar.max > 1 && bar.value === bar.max");
        var download = await console.Page.RunAndWaitForDownloadAsync(
            () => row.GetByRole(AriaRole.Button, new() { Name = $"Answers of {FileName}" }).ClickAsync());

        Assert.Equal("reviews-answers.jsonl", download.SuggestedFilename);
        var answers = await File.ReadAllLinesAsync((await download.PathAsync())!, TestContext.Current.CancellationToken);
        Assert.Equal(Lines, answers.Length);
    }

    [Fact]
    public async Task Batch_FileNameThatIsMarkup_StaysText()
    {
        await using var console = await ConsolePage.OpenAsync(browser, fixture, fixture.Platform.Options.ApiKey);
        var view = await console.ShowAsync("batches");

        await StartAsync(view, "<img src=x onerror=alert(1)>.jsonl", lines: 1);

        Assert.Equal(0, await view.Locator("img").CountAsync());
    }

    /// <summary>Starts a batch as a person does; gives back its row.</summary>
    private static async Task<ILocator> StartAsync(ILocator view, string fileName, int lines)
    {
        await view.GetByLabel("Requests, one JSON object a line").SetInputFilesAsync(
            new FilePayload { Name = fileName, MimeType = "application/jsonl", Buffer = Requests.ToSmall(lines) });
        await view.GetByLabel("Endpoint of every line").FillAsync(Requests.Endpoint);
        await view.GetByRole(AriaRole.Button, new() { Name = "Start batch" }).ClickAsync();
        var row = view.GetByRole(AriaRole.Row).Filter(new() { HasText = fileName }).First;
        await row.WaitForAsync();
        return row;
    }

    private static async Task WaitForProgressAsync(ILocator row, string condition) => await Wait.ForAsync(
        async () => await row.Locator("progress").EvaluateAsync<bool>(condition) ? condition : null, condition);
}

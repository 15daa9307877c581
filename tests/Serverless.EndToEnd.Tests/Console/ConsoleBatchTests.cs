using Microsoft.Playwright;
using Serverless.EndToEnd.Tests.Jobs;
using Serverless.Models.Publishing;
using Serverless.TestKit.Onnx;

namespace Serverless.EndToEnd.Tests.Console;

[Collection(PlatformCollection.Name)]
public sealed class ConsoleBatchTests(PlatformFixture fixture, BrowserFixture browser)
{
    private const string Model = "console-slow";

    // Six seconds on two cores with nothing else to do: the page looks every two.
    private const int Lines = 1_500;

    private const string FileName = "reviews.jsonl";

    [Fact]
    public async Task Batch_StartedInTheBrowser_MovesAndIsDownloaded()
    {
        await TestModels.PushAsync(new ModelPublisher(fixture.Store), Model, OnnxGraphs.Slow());
        await using var console = await ConsolePage.OpenAsync(browser, fixture, fixture.Platform.Options.ApiKey);
        var view = await console.ShowAsync("batches");

        var row = await StartAsync(view, FileName, $"/v2/models/{Model}/infer", Requests.ToSlow(Model, Lines));
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

        await StartAsync(view, "<img src=x onerror=alert(1)>.jsonl", Requests.Endpoint, Requests.ToSmall(lines: 1));

        Assert.Equal(0, await view.Locator("img").CountAsync());
    }

    [Fact]
    public async Task Batch_InputWasDeletedSince_IsShownByItsId()
    {
        var token = TestContext.Current.CancellationToken;
        using var client = fixture.CreateClient();
        using var api = new TestKit.Jobs.BatchClient(fixture.Platform.ApiUrl, fixture.Platform.Options.ApiKey);
        var input = await api.UploadAsync(Requests.ToSmall(lines: 1), token);
        var batch = await api.CreateAsync(input, Requests.Endpoint, token);
        await api.WaitAsync(batch, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(20), token);
        using var deleted = await client.DeleteAsync($"/v1/files/{input}", token);
        Assert.True(deleted.IsSuccessStatusCode, $"{(int)deleted.StatusCode}");
        await using var console = await ConsolePage.OpenAsync(browser, fixture, fixture.Platform.Options.ApiKey);

        var view = await console.ShowAsync("batches");

        await view.Locator($"tr[data-batch='{batch}'] th").GetByText(input).WaitForAsync();
    }

    /// <summary>Starts a batch as a person does; gives back its row.</summary>
    private static async Task<ILocator> StartAsync(ILocator view, string fileName, string endpoint, byte[] lines)
    {
        await view.GetByLabel("Requests, one JSON object a line").SetInputFilesAsync(
            new FilePayload { Name = fileName, MimeType = "application/jsonl", Buffer = lines });
        await view.GetByLabel("Endpoint of every line").FillAsync(endpoint);
        await view.GetByRole(AriaRole.Button, new() { Name = "Start batch" }).ClickAsync();
        var row = view.GetByRole(AriaRole.Row).Filter(new() { HasText = fileName }).First;
        await row.WaitForAsync();
        return row;
    }

    private static async Task WaitForProgressAsync(ILocator row, string condition) => await Wait.ForAsync(
        async () => await row.Locator("progress").EvaluateAsync<bool>(condition) ? condition : null, condition);
}

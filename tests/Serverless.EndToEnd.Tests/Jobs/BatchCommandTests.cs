using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Serverless.TestKit;
using Serverless.Topology.Layout;

namespace Serverless.EndToEnd.Tests.Jobs;

/// <summary><c>infer batch</c> as a person runs it.</summary>
[Collection(PlatformCollection.Name)]
public sealed class BatchCommandTests(PlatformFixture fixture)
{
    private const int Lines = 50;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batch_SubmittedAndFollowed_IsShownListedAndDownloaded()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("requests.jsonl");
        await File.WriteAllBytesAsync(file, Requests.ToSmall(Lines), Token);

        var submitted = await InferAsync(folder, "submit", file, "--follow");
        Assert.True(submitted.ExitCode == 0, submitted.Output);
        var id = submitted.Output.Split('\n').First(line => line.StartsWith("batch_", StringComparison.Ordinal)).Trim();
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{Lines} of {Lines}, 0 failed"), submitted.Output, StringComparison.Ordinal);

        var (status, list, download, redrive) = (
            await InferAsync(folder, "status", id), await InferAsync(folder, "list", "--limit", "5"),
            await InferAsync(folder, "download", id), await InferAsync(folder, "redrive", id));

        Assert.Equal(0, status.ExitCode);
        Assert.Contains("completed", status.Output, StringComparison.Ordinal);
        Assert.Equal(0, list.ExitCode);
        // A table that is narrower than its cells breaks them.
        Assert.Contains(id[..12], list.Output, StringComparison.Ordinal);
        Assert.True(download.ExitCode == 0, download.Output);
        var answers = await File.ReadAllLinesAsync(folder.File($"{id}.output.jsonl"), Token);
        Assert.Equal(Enumerable.Range(0, Lines).Select(Requests.IdOf), answers.Select(CustomId));
        // Nothing of it failed: there is nothing to run again.
        Assert.Equal(1, redrive.ExitCode);
        Assert.Contains("no failed shard", redrive.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_RunningBatch_StopsIt()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("requests.jsonl");
        await File.WriteAllBytesAsync(file, Requests.ToSmall(20_000), Token);
        using var api = new TestKit.Jobs.BatchClient(fixture.Platform.ApiUrl, fixture.Platform.Options.ApiKey);
        var id = await api.CreateAsync(await api.UploadAsync(await File.ReadAllBytesAsync(file, Token), Token), Requests.Endpoint, Token);

        var cancel = await InferAsync(folder, "cancel", id);

        Assert.True(cancel.ExitCode == 0, cancel.Output);
        var ended = await api.WaitAsync(id, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(20), Token);
        Assert.Equal("cancelled", (string)ended["status"]!);
    }

    [Fact]
    public async Task Submit_FileThatDoesNotValidate_FailsWithTheLine()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("requests.jsonl");
        await File.WriteAllBytesAsync(file, [.. Requests.ToSmall(1), .. "no JSON\n"u8], Token);

        var submitted = await InferAsync(folder, "submit", file, "--follow");

        Assert.Equal(1, submitted.ExitCode);
        Assert.Contains("line 2", submitted.Output, StringComparison.Ordinal);
    }

    private static string? CustomId(string line) => JsonElement.Parse(line).GetProperty("custom_id").GetString();

    private async Task<(int ExitCode, string Output)> InferAsync(TemporaryFolder folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] all =
        [
            Path.Combine(Repository.Find().OutputOf("tools/Serverless.Cli"), "infer.dll"), "batch", .. arguments,
            "--url", fixture.Platform.ApiUrl.ToString(), "--key", fixture.Platform.Options.ApiKey,
        ];
        foreach (var argument in all)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, string.Concat(texts));
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;
using Serverless.Models.Publishing;
using Serverless.TestKit;
using Serverless.TestKit.Jobs;
using Serverless.TestKit.Onnx;
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
    public async Task Redrive_ShardThatFailed_AnswersTheLinesThatWereErrors()
    {
        // Of a model of its own nothing is known: the lines are cut into three shards.
        const string Model = "redriven";
        const int ManyLines = 900;
        await TestModels.PushAsync(new ModelPublisher(fixture.Store), Model, OnnxGraphs.Slow());
        using var folder = new TemporaryFolder();
        using var api = new BatchClient(fixture.Platform.ApiUrl, fixture.Platform.Options.ApiKey);
        var file = folder.File("requests.jsonl");
        await File.WriteAllBytesAsync(file, Requests.ToSlow(Model, ManyLines, count: 200), Token);

        var failing = FailOneShardAsync(Model);
        var submitted = await InferAsync(folder, "submit", file);
        Assert.True(submitted.ExitCode == 0, submitted.Output);
        var id = submitted.Output.Trim();
        await failing;
        var failed = await api.WaitAsync(id, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1), Token);
        var download = await InferAsync(folder, "download", id);
        var errors = await File.ReadAllLinesAsync(folder.File($"{id}.errors.jsonl"), Token);
        var redrive = await InferAsync(folder, "redrive", id);
        var ended = await api.WaitAsync(id, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(5), Token);
        var again = await InferAsync(folder, "download", id);
        await File.WriteAllTextAsync(folder.File("notes.txt"), "mine", Token);
        await InferAsync(folder, "download", id, "--errors", "notes.txt");

        Assert.True(download.ExitCode == 0 && redrive.ExitCode == 0 && again.ExitCode == 0, download.Output + redrive.Output + again.Output);
        Assert.Equal(("completed", "completed"), ((string)failed["status"]!, (string)ended["status"]!));
        Assert.Contains("in_progress", redrive.Output, StringComparison.Ordinal);
        Assert.Equal((int)failed["request_counts"]!["failed"]!, errors.Length);
        Assert.InRange(errors.Length, 1, ManyLines - 1);
        Assert.All(errors, line => Assert.Contains("\"batch_shard_failed\"", line, StringComparison.Ordinal));
        var answers = await File.ReadAllLinesAsync(folder.File($"{id}.output.jsonl"), Token);
        Assert.Equal(Enumerable.Range(0, ManyLines).Select(Requests.IdOf), answers.Select(CustomId));
        Assert.Equal("mine", await File.ReadAllTextAsync(folder.File("notes.txt"), Token));
        // What it answered has no errors any more.
        Assert.Equal([$"{id}.output.jsonl"], Directory.EnumerateFiles(folder.Path, $"{id}.*").Select(Path.GetFileName));
    }

    [Fact]
    public async Task Cancel_RunningBatch_StopsIt()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("requests.jsonl");
        await File.WriteAllBytesAsync(file, Requests.ToSmall(20_000), Token);
        using var api = new BatchClient(fixture.Platform.ApiUrl, fixture.Platform.Options.ApiKey);
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

    /// <summary>Does with one of the shards what a worker does that cannot read its input.</summary>
    private async Task FailOneShardAsync(string model)
    {
        await using var bus = new ServiceBusClient(fixture.Platform.Options.Ports.ServiceBus.ConnectionString);
        await using var receiver = bus.CreateReceiver(ServiceBusQueues.Shards);
        while (true)
        {
            var message = await receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(60), Token);
            Assert.NotNull(message);
            if (JsonSerializer.Deserialize(message.Body, JobJson.Default.ShardMessage)!.Model == model)
            {
                await receiver.DeadLetterMessageAsync(message, "InputChanged", "The input could not be read.", Token);
                return;
            }

            await receiver.AbandonMessageAsync(message, cancellationToken: Token);
        }
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

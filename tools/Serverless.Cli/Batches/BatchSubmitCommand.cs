using System.ComponentModel;
using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Batches;

/// <summary><c>infer batch submit FILE</c>: uploads a file of requests and creates a batch.</summary>
internal sealed class BatchSubmitCommand(IAnsiConsole console) : AsyncCommand<BatchSubmitCommand.Settings>
{
    internal sealed class Settings : ApiSettings
    {
        [CommandArgument(0, "<FILE>")]
        [Description("JSON Lines, one request each: custom_id, method, url, body.")]
        public string File { get; init; } = "";

        [CommandOption("--endpoint <PATH>")]
        [Description("The endpoint, such as /v1/embeddings. Default: the url of the first line.")]
        public string? Endpoint { get; init; }

        [CommandOption("--follow")]
        [Description("Show the progress until the batch has ended; the exit code is 0 only if it completed without a failed line.")]
        public bool Follow { get; init; }
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        using var client = new ApiClient(settings.BaseUrl, settings.ApiKey);
        var api = new BatchApi(client);
        var endpoint = settings.Endpoint ?? await BatchApi.EndpointOfAsync(settings.File, cancellationToken);
        await using var content = File.OpenRead(settings.File);
        var file = await api.UploadAsync(content, Path.GetFileName(settings.File), cancellationToken);
        var batch = await api.CreateAsync(file, endpoint, cancellationToken);
        console.WriteLine(batch.Id);
        if (!settings.Follow)
            return 0;
        batch = await BatchProgress.FollowAsync(console, api, batch.Id, cancellationToken);
        BatchReport.Print(console, batch);
        return batch is { Status: "completed", Failed: 0 } ? 0 : 1;
    }
}

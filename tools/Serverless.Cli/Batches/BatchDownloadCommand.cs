using System.ComponentModel;
using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Batches;

/// <summary><c>infer batch download BATCH</c>: writes the answers beside each other, the errors into a file of their own.</summary>
internal sealed class BatchDownloadCommand(IAnsiConsole console) : AsyncCommand<BatchDownloadCommand.Settings>
{
    internal sealed class Settings : BatchSettings
    {
        [CommandOption("--output <FILE>")]
        [Description("Where the answers go. Default: BATCH.output.jsonl.")]
        public string? Output { get; init; }

        [CommandOption("--errors <FILE>")]
        [Description("Where the lines that failed go. Default: BATCH.errors.jsonl.")]
        public string? Errors { get; init; }
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        using var client = new ApiClient(settings.BaseUrl, settings.ApiKey);
        var api = new BatchApi(client);
        var batch = await api.GetAsync(settings.Id, cancellationToken);
        if (!batch.IsFinal)
        {
            console.MarkupLineInterpolated($"[red]{batch.Id} is {batch.Status}; its files come when it has ended.[/]");
            return 1;
        }

        await SaveAsync(api, batch.OutputFile, settings.Output, $"{settings.Id}.output.jsonl", cancellationToken);
        await SaveAsync(api, batch.ErrorFile, settings.Errors, $"{settings.Id}.errors.jsonl", cancellationToken);
        return 0;
    }

    // Under another name until it is whole: half an answer file looks like one. What a re-drive answered has no errors any more, and those of
    // an earlier download would be taken for its own. A file that somebody named may be anything, and is left.
    private async Task SaveAsync(BatchApi api, string? file, string? named, string usual, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            if (named is null)
                File.Delete(usual);
            return;
        }

        var path = named ?? usual;
        var part = path + ".part";
        await using (var to = File.Create(part))
            await api.DownloadAsync(file, to, cancellationToken);
        File.Move(part, path, overwrite: true);
        console.WriteLine(path);
    }
}

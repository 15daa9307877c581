using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Batches;

/// <summary><c>infer batch status BATCH</c>.</summary>
internal sealed class BatchStatusCommand(IAnsiConsole console) : AsyncCommand<BatchSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, BatchSettings settings, CancellationToken cancellationToken)
    {
        using var client = new ApiClient(settings.BaseUrl, settings.ApiKey);
        BatchReport.Print(console, await new BatchApi(client).GetAsync(settings.Id, cancellationToken));
        return 0;
    }
}

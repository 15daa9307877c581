using System.ComponentModel;
using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Batches;

/// <summary><c>infer batch list</c>.</summary>
internal sealed class BatchListCommand(IAnsiConsole console) : AsyncCommand<BatchListCommand.Settings>
{
    internal sealed class Settings : ApiSettings
    {
        [CommandOption("--limit <COUNT>")]
        [Description("How many, the newest first; 1 to 100.")]
        [DefaultValue(20)]
        public int Limit { get; init; } = 20;
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        using var client = new ApiClient(settings.BaseUrl, settings.ApiKey);
        BatchReport.Print(console, await new BatchApi(client).ListAsync(settings.Limit, cancellationToken));
        return 0;
    }
}

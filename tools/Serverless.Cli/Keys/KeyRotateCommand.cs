using System.ComponentModel;
using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Keys;

/// <summary><c>infer key rotate KEY</c>.</summary>
internal sealed class KeyRotateCommand(IAnsiConsole console) : AsyncCommand<KeyRotateCommand.Settings>
{
    internal sealed class Settings : KeySettings
    {
        [CommandOption("--overlap <SECONDS>")]
        [Description("For how long the old key stays valid; up to 30 days.")]
        [DefaultValue(86_400)]
        public int Overlap { get; init; } = 86_400;
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        using var api = new ApiClient(settings.BaseUrl, settings.ApiKey);
        var path = FormattableString.Invariant($"{settings.Path}/rotate?overlap_seconds={settings.Overlap}");
        KeyReport.PrintMade(console, (await api.PostAsync(path, new { }, cancellationToken)).Body);
        return 0;
    }
}

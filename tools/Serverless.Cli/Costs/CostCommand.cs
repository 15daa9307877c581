using System.ComponentModel;
using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Costs;

/// <summary><c>infer cost</c>.</summary>
internal sealed class CostCommand(IAnsiConsole console) : AsyncCommand<CostCommand.Settings>
{
    internal sealed class Settings : ApiSettings
    {
        [CommandOption("--by <WHAT>")]
        [Description("What costs are added up by: tenant, model or day.")]
        [DefaultValue("tenant")]
        public string By { get; init; } = "tenant";

        [CommandOption("--from <DAY>")]
        [Description("First day, such as 2026-01-31. Default: the first of the month.")]
        public string? From { get; init; }

        [CommandOption("--to <DAY>")]
        [Description("Last day. Default: today, UTC.")]
        public string? To { get; init; }

        public override ValidationResult Validate() => By is "tenant" or "model" or "day"
            ? base.Validate()
            : ValidationResult.Error($"--by must be tenant, model or day, not '{By}'.");
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        using var client = new ApiClient(settings.BaseUrl, settings.ApiKey);
        var answer = await client.GetAsync(PathOf(settings), cancellationToken);
        CostReport.Print(console, answer.Body);
        return 0;
    }

    private static string PathOf(Settings settings)
    {
        var path = $"/v1/costs?by={settings.By}";
        if (settings.From is { } from)
            path += $"&from={Uri.EscapeDataString(from)}";
        if (settings.To is { } to)
            path += $"&to={Uri.EscapeDataString(to)}";
        return path;
    }
}

using System.ComponentModel;
using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Tenants;

/// <summary><c>infer budget set TENANT AMOUNT</c>.</summary>
internal sealed class BudgetSetCommand(IAnsiConsole console) : AsyncCommand<BudgetSetCommand.Settings>
{
    internal sealed class Settings : TenantSettings
    {
        [CommandArgument(1, "<AMOUNT>")]
        [Description("What it may spend, in the currency of prices.")]
        public decimal Amount { get; init; }

        [CommandOption("--daily")]
        [Description("In a day, in place of a month.")]
        public bool Daily { get; init; }

        public OwnLimits Changes => Daily ? OwnLimits.None with { Daily = Amount } : OwnLimits.None with { Monthly = Amount };
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        using var api = new ApiClient(settings.BaseUrl, settings.ApiKey);
        TenantReport.Print(console, await settings.Changes.ApplyAsync(api, settings.Path, cancellationToken));
        return 0;
    }
}

using System.ComponentModel;
using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Tenants;

/// <summary><c>infer tenant set TENANT</c>.</summary>
internal sealed class TenantSetCommand(IAnsiConsole console) : AsyncCommand<TenantSetCommand.Settings>
{
    internal sealed class Settings : TenantSettings
    {
        [CommandOption("--requests <NUMBER>")]
        [Description("Requests per minute, of each gateway; 0 for no limit.")]
        public int? Requests { get; init; }

        [CommandOption("--tokens <NUMBER>")]
        [Description("Tokens per minute, read and written, of each gateway; 0 for no limit.")]
        public int? Tokens { get; init; }

        [CommandOption("--rows <NUMBER>")]
        [Description("Rows per minute of Open Inference requests, of each gateway; 0 for no limit.")]
        public int? Rows { get; init; }

        [CommandOption("--concurrent <NUMBER>")]
        [Description("Requests that each replica of the worker has at hand at a time; 0 for no limit.")]
        public int? Concurrent { get; init; }

        [CommandOption("--batches <NUMBER>")]
        [Description("Batches that are at work at a time; 0 for no limit.")]
        public int? Batches { get; init; }

        [CommandOption("--daily <AMOUNT>")]
        [Description("What it may spend in a day, in the currency of prices.")]
        public decimal? Daily { get; init; }

        [CommandOption("--monthly <AMOUNT>")]
        [Description("What it may spend in a month.")]
        public decimal? Monthly { get; init; }

        [CommandOption("--alert-at <PART>")]
        [Description("The part of a budget from which answers tell of it, above 0 and up to 1.")]
        public decimal? AlertAt { get; init; }

        public OwnLimits Changes => new(Requests, Tokens, Rows, Concurrent, Batches, Daily, Monthly, AlertAt);

        public override ValidationResult Validate() => Changes == OwnLimits.None
            ? ValidationResult.Error("Say what to set: --requests, --tokens, --rows, --concurrent, --batches, --daily, --monthly or --alert-at.")
            : base.Validate();
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        using var api = new ApiClient(settings.BaseUrl, settings.ApiKey);
        TenantReport.Print(console, await settings.Changes.ApplyAsync(api, settings.Path, cancellationToken));
        return 0;
    }
}

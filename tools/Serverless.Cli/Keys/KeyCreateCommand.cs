using System.ComponentModel;
using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Keys;

/// <summary><c>infer key create TENANT</c>.</summary>
internal sealed class KeyCreateCommand(IAnsiConsole console) : AsyncCommand<KeyCreateCommand.Settings>
{
    internal sealed class Settings : ApiSettings
    {
        [CommandArgument(0, "<TENANT>")]
        [Description("Whose key it is to be.")]
        public string Tenant { get; init; } = "";

        [CommandOption("--name <NAME>")]
        [Description("What its holder calls it. Default: the tenant.")]
        public string? Name { get; init; }

        [CommandOption("--may <OPERATION>")]
        [Description("read, infer, write or admin; may be repeated. Default: the first three.")]
        public string[]? Operations { get; init; }

        [CommandOption("--model <MODEL>")]
        [Description("A model that it may use; may be repeated. Default: all.")]
        public string[]? Models { get; init; }

        [CommandOption("--days <DAYS>")]
        [Description("After how many days it ends. Default: never.")]
        public int? Days { get; init; }
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        using var api = new ApiClient(settings.BaseUrl, settings.ApiKey);
        var body = new
        {
            tenant = settings.Tenant,
            name = settings.Name,
            operations = settings.Operations is { Length: > 0 } operations ? operations : null,
            models = settings.Models is { Length: > 0 } models ? models : null,
            expires_in_days = settings.Days,
        };
        KeyReport.PrintMade(console, (await api.PostAsync("/v1/admin/keys", body, cancellationToken)).Body);
        return 0;
    }
}

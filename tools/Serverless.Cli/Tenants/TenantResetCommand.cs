using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Tenants;

/// <summary><c>infer tenant reset TENANT</c>.</summary>
internal sealed class TenantResetCommand(IAnsiConsole console) : AsyncCommand<TenantSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, TenantSettings settings, CancellationToken cancellationToken)
    {
        using var api = new ApiClient(settings.BaseUrl, settings.ApiKey);
        TenantReport.Print(console, (await api.DeleteAsync(settings.Path, cancellationToken)).Body);
        return 0;
    }
}

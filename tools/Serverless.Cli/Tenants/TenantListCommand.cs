using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Tenants;

/// <summary><c>infer tenant list</c>: the tenants with limits of their own.</summary>
internal sealed class TenantListCommand(IAnsiConsole console) : AsyncCommand<ApiSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, ApiSettings settings, CancellationToken cancellationToken)
    {
        using var api = new ApiClient(settings.BaseUrl, settings.ApiKey);
        TenantReport.PrintList(console, (await api.GetAsync("/v1/admin/tenants", cancellationToken)).Body.GetProperty("data").EnumerateArray());
        return 0;
    }
}

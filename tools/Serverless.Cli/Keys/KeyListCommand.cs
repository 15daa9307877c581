using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Keys;

/// <summary><c>infer key list</c>.</summary>
internal sealed class KeyListCommand(IAnsiConsole console) : AsyncCommand<ApiSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, ApiSettings settings, CancellationToken cancellationToken)
    {
        using var api = new ApiClient(settings.BaseUrl, settings.ApiKey);
        KeyReport.PrintList(console, (await api.GetAsync("/v1/admin/keys", cancellationToken)).Body.GetProperty("data").EnumerateArray());
        return 0;
    }
}

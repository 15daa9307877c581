using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Keys;

/// <summary><c>infer key revoke KEY</c>.</summary>
internal sealed class KeyRevokeCommand(IAnsiConsole console) : AsyncCommand<KeySettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, KeySettings settings, CancellationToken cancellationToken)
    {
        using var api = new ApiClient(settings.BaseUrl, settings.ApiKey);
        KeyReport.PrintList(console, [(await api.DeleteAsync(settings.Path, cancellationToken)).Body]);
        return 0;
    }
}

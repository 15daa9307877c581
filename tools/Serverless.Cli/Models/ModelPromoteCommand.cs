using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models;

/// <summary><c>infer model promote NAME [ALIAS]</c>: points an alias to its canary.</summary>
internal sealed class ModelPromoteCommand(IAnsiConsole console) : AsyncCommand<ModelPromoteCommand.Settings>
{
    internal sealed class Settings : StoreSettings
    {
        [CommandArgument(0, "<NAME>")]
        [Description("The model's name.")]
        public string Name { get; init; } = "";

        [CommandArgument(1, "[ALIAS]")]
        [Description("The alias. Default: prod.")]
        public string Alias { get; init; } = "prod";
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var alias = await settings.Open().PromoteCanaryAsync(settings.Name, settings.Alias, cancellationToken);
        console.MarkupLineInterpolated($"{settings.Name}:{alias.Alias} → {alias.Version}, which was {alias.History[^2].Version}.");
        return 0;
    }
}

using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models;

/// <summary><c>infer model rollback NAME [ALIAS]</c>: points an alias back to the version it had before.</summary>
internal sealed class ModelRollbackCommand(IAnsiConsole console) : AsyncCommand<ModelRollbackCommand.Settings>
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
        var alias = await settings.Open().RollBackAliasAsync(settings.Name, settings.Alias, cancellationToken);
        console.MarkupLineInterpolated($"{settings.Name}:{alias.Alias} → {alias.Version}, which was {alias.History[^2].Version}.");
        return 0;
    }
}

using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models;

/// <summary><c>infer model rollback NAME [ALIAS]</c>: ends an alias' canary, or points the alias back to the version it had before.</summary>
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
        var store = settings.Open();
        var before = await store.FindAliasAsync(settings.Name, settings.Alias, cancellationToken);
        var alias = await store.RollBackAliasAsync(settings.Name, settings.Alias, cancellationToken);
        var what = alias.Version == before?.Version ? $"whose canary {before.Canary?.Version} has ended" : $"which was {before?.Version}";
        console.MarkupLineInterpolated($"{settings.Name}:{alias.Alias} → {alias.Version}, {what}.");
        return 0;
    }
}

using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models;

/// <summary><c>infer model alias NAME ALIAS VERSION</c>: points an alias to a version.</summary>
internal sealed class ModelAliasCommand(IAnsiConsole console) : AsyncCommand<ModelAliasCommand.Settings>
{
    internal sealed class Settings : StoreSettings
    {
        [CommandArgument(0, "<NAME>")]
        [Description("The model's name.")]
        public string Name { get; init; } = "";

        [CommandArgument(1, "<ALIAS>")]
        [Description("The alias, for example prod or canary.")]
        public string Alias { get; init; } = "";

        [CommandArgument(2, "<VERSION>")]
        [Description("The version that it shall point to.")]
        public int Version { get; init; }
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var store = settings.Open();
        var before = await store.FindAliasAsync(settings.Name, settings.Alias, cancellationToken);
        await store.SetAliasAsync(settings.Name, settings.Alias, settings.Version, expectedETag: null, cancellationToken);
        var from = before is null ? "which is new" : $"which was {before.Version}";
        console.MarkupLineInterpolated($"{settings.Name}:{settings.Alias} → {settings.Version}, {from}.");
        return 0;
    }
}

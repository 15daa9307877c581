using System.ComponentModel;
using Serverless.Models.Aliases;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models;

/// <summary><c>infer model canary NAME ALIAS VERSION</c>: has a second version answer a part of an alias' requests.</summary>
internal sealed class ModelCanaryCommand(IAnsiConsole console) : AsyncCommand<ModelCanaryCommand.Settings>
{
    internal sealed class Settings : StoreSettings
    {
        [CommandArgument(0, "<NAME>")]
        [Description("The model's name.")]
        public string Name { get; init; } = "";

        [CommandArgument(1, "<ALIAS>")]
        [Description("The alias, for example prod.")]
        public string Alias { get; init; } = "";

        [CommandArgument(2, "<VERSION>")]
        [Description("The version that is to be tried.")]
        public int Version { get; init; }

        [CommandOption("--weight <PERCENT>")]
        [Description("How many of a hundred requests it answers, 1 to 99; 10 unless set.")]
        public int Weight { get; init; } = 10;

        public override ValidationResult Validate() =>
            Weight is < AliasCanary.LeastWeight or > AliasCanary.MostWeight
                ? ValidationResult.Error($"--weight must be {AliasCanary.LeastWeight} to {AliasCanary.MostWeight}, not {Weight}.")
                : ValidationResult.Success();
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var canary = new AliasCanary(settings.Version, settings.Weight);
        var alias = await settings.Open().SetCanaryAsync(settings.Name, settings.Alias, canary, cancellationToken);
        console.MarkupLineInterpolated($"{settings.Name}:{AliasText.Of(alias)}.");
        return 0;
    }
}

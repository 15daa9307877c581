using System.ComponentModel;
using Serverless.Contracts.Errors;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models;

/// <summary><c>infer model delete MODEL</c>: one version, or with <c>--all</c> every version.</summary>
internal sealed class ModelDeleteCommand(IAnsiConsole console) : AsyncCommand<ModelDeleteCommand.Settings>
{
    internal sealed class Settings : ModelSettings
    {
        [CommandOption("--all")]
        [Description("Delete every version. Without it the model must be given as name:version.")]
        public bool All { get; init; }
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var store = settings.Open();
        var model = settings.Reference;
        if (settings.All == model.Version is not null)
        {
            throw new InferenceException(
                ErrorKind.InvalidRequest, "Name one version as name:version, or the whole model as name with --all.", "model");
        }

        var deleted = model.Version is { } version
            ? await store.DeleteVersionAsync(model.Name, version, cancellationToken)
            : await store.DeleteModelAsync(model.Name, cancellationToken);
        if (!deleted)
            throw new InferenceException(ErrorKind.ModelNotFound, $"There is no model '{model}' in {store.Location}.", "model");
        console.MarkupLineInterpolated($"Deleted {model}.");
        return 0;
    }
}

using System.ComponentModel;
using Serverless.Contracts.Models;
using Serverless.Models.Publishing;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models;

/// <summary><c>infer model push NAME GRAPH.onnx</c>: compresses a model and publishes it as its next version.</summary>
internal sealed class ModelPushCommand(IAnsiConsole console) : AsyncCommand<ModelPushCommand.Settings>
{
    internal sealed class Settings : StoreSettings
    {
        [CommandArgument(0, "<NAME>")]
        [Description("The model's name.")]
        public string Name { get; init; } = "";

        [CommandArgument(1, "[GRAPH]")]
        [Description("The .onnx file. Without one, NAME must be the sample model minilm.")]
        public string? Graph { get; init; }

        [CommandOption("--file <FILE>")]
        [Description("Another file of the package, for example vocab.txt. May be given several times.")]
        public string[] Files { get; init; } = [];

        [CommandOption("--task <TASK>")]
        [Description("What the model does: text-embedding, or nothing.")]
        public string? Task { get; init; }

        [CommandOption("--label <NAME=VALUE>")]
        [Description("A label. May be given several times.")]
        public string[] Labels { get; init; } = [];

        public override ValidationResult Validate()
        {
            if (!ModelName.IsValid(Name))
                return ValidationResult.Error($"'{Name}' cannot name a model: names match {ModelName.Pattern}.");
            if (Graph is null)
            {
                return Name == SampleDraft.Name && Files.Length == 0
                    ? ValidationResult.Success()
                    : ValidationResult.Error($"Name the .onnx file; only the sample model '{SampleDraft.Name}' comes without one.");
            }

            if (Files.Prepend(Graph).FirstOrDefault(file => !File.Exists(file)) is { } missing)
                return ValidationResult.Error($"There is no file '{missing}'.");
            return Labels.FirstOrDefault(label => !label.Contains('=', StringComparison.Ordinal)) is { } bad
                ? ValidationResult.Error($"--label must be NAME=VALUE, not '{bad}'.")
                : ValidationResult.Success();
        }
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        using var sample = settings.Graph is null ? new SampleDraft() : null;
        var draft = sample?.Draft ?? ModelDrafts.FromFiles(settings.Name, settings.Graph!, settings.Files);
        draft = draft with
        {
            Task = settings.Task ?? draft.Task,
            Labels = settings.Labels.Select(label => label.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]),
        };
        var manifest = await PushProgress.RunAsync(
            console, progress => new ModelPublisher(settings.Open()).PublishAsync(draft, progress, cancellationToken));
        var size = manifest.Files.Sum(file => file.Size);
        var stored = manifest.Files.Sum(file => file.StoredSize);
        console.MarkupLineInterpolated(
            $"[green]Published {manifest.Name}:{manifest.Version}[/]: {FileSize.Of(size)}, {FileSize.Of(stored)} stored ({stored / (double)size:P0}).");
        return 0;
    }
}

using System.ComponentModel;
using System.Globalization;
using Serverless.Optimization.Graphs;
using Serverless.Optimization.Partitioning;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models.Optimization;

/// <summary>
/// <c>infer model partition GRAPH.onnx --stages 4 --output FOLDER</c>: cuts a model into stage models, and checks that one after another
/// they answer what the whole does.
/// </summary>
internal sealed class ModelPartitionCommand(IAnsiConsole console) : AsyncCommand<ModelPartitionCommand.Settings>
{
    internal sealed class Settings : CommandSettings
    {
        [CommandArgument(0, "<GRAPH>")]
        [Description("The .onnx file.")]
        public string Graph { get; init; } = "";

        [CommandOption("--stages <N>")]
        [Description("How many stages, 2 to 64; 2 unless set.")]
        public int Stages { get; init; } = 2;

        [CommandOption("--output <FOLDER>")]
        [Description("Where to write stage-1/model.onnx and so on.")]
        public string Output { get; init; } = "";

        [CommandOption("--max-difference <VALUE>")]
        [Description("How far a number may be from the whole model's; 0.00001 unless set.")]
        public double MaxDifference { get; init; } = 1e-5;

        public override ValidationResult Validate()
        {
            if (!File.Exists(Graph))
                return ValidationResult.Error($"There is no file '{Graph}'.");
            if (Output.Length == 0)
                return ValidationResult.Error("Say where to write the stages with --output FOLDER.");
            return Stages is >= 2 and <= 64 ? ValidationResult.Success() : ValidationResult.Error($"--stages must be 2 to 64, not {Stages}.");
        }
    }

    public override Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken) =>
        Task.Run(() => Run(settings), cancellationToken);

    private int Run(Settings settings)
    {
        using var model = PartitionedModel.Write(ModelGraph.Read(settings.Graph), settings.Stages, settings.Output);
        var difference = model.DistanceFrom(settings.Graph);
        var table = new Table().Border(TableBorder.Rounded).AddColumns("stage", "weights", "receives", "hands on");
        foreach (var stage in model.Stages)
        {
            table.AddRow(
                Markup.Escape(Path.GetFileName(Path.GetDirectoryName(stage.Graph)!)),
                FileSize.Of(stage.WeightBytes),
                Markup.Escape(string.Join(", ", stage.Received)),
                Markup.Escape(string.Join(", ", stage.Sent)));
        }

        console.Write(table);
        var seen = difference.ToString("g2", CultureInfo.InvariantCulture);
        if (difference <= settings.MaxDifference)
        {
            console.MarkupLineInterpolated($"[green]The stages answer as the whole does[/]: the largest difference is {seen}.");
            return 0;
        }

        var allowed = settings.MaxDifference.ToString("g2", CultureInfo.InvariantCulture);
        console.MarkupLineInterpolated($"[red]The stages answer otherwise than the whole: a number differs by {seen} where {allowed} is allowed.[/]");
        return 1;
    }
}

using System.Globalization;
using Serverless.Optimization.Graphs;
using Serverless.Optimization.Partitioning;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models.Optimization;

/// <summary>
/// <c>infer model partition GRAPH.onnx --stages 4</c>: cuts a model into stage models, checks that one after another they answer what the
/// whole does, and with <c>--push NAME</c> publishes them as one model.
/// </summary>
internal sealed class ModelPartitionCommand(IAnsiConsole console) : AsyncCommand<PartitionSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, PartitionSettings settings, CancellationToken cancellationToken)
    {
        using var sample = settings.IsSample ? SampleDraft.Of(settings.Graph) : null;
        var source = sample?.Source ?? new PushSource(settings.Graph, settings.Files, Task: null);
        var scratch = settings.Output is null ? Directory.CreateTempSubdirectory("infer-stages-") : null;
        try
        {
            using var model = await Task.Run(
                () => PartitionedModel.Write(ModelGraph.Read(source.Graph), settings.Stages, settings.Output ?? scratch!.FullName), cancellationToken);
            if (!IsRight(model, source.Graph, settings.MaxDifference))
                return 1;
            if (settings.Push is not null)
                await PushAsync(model, source, settings, cancellationToken);
            return 0;
        }
        finally
        {
            scratch?.Delete(recursive: true);
        }
    }

    private bool IsRight(PartitionedModel model, string graph, double allowed)
    {
        var difference = model.DistanceFrom(graph);
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
        var (seen, most) = (Text(difference), Text(allowed));
        if (difference <= allowed)
            console.MarkupLineInterpolated($"[green]The stages answer as the whole does[/]: the largest difference is {seen}.");
        else
            console.MarkupLineInterpolated($"[red]The stages answer otherwise than the whole: a number differs by {seen} where {most} is allowed.[/]");
        return difference <= allowed;
    }

    private async Task PushAsync(PartitionedModel model, PushSource source, PartitionSettings settings, CancellationToken cancellationToken)
    {
        var store = settings.Open();
        var draft = new StagedDraft(settings.Push!, source.Graph)
        {
            Options = settings.ToOptions(source.Task),
            Files = source.Files,
            Places = settings.ReadPlaces(),
        };
        var manifest = await console.Status().StartAsync(
            "prepare, prove and publish the stages", _ => new StagePublisher(store).PublishAsync(model, draft, progress: null, cancellationToken));
        foreach (var line in StageText.Of(manifest))
            console.MarkupLineInterpolated($"{line}");
        console.MarkupLineInterpolated($"[green]Published {manifest.Name}:{manifest.Version}[/]");
        if (settings.Alias is not { } alias)
            return;
        await store.SetAliasAsync(manifest.Name, alias, manifest.Version, expectedETag: null, cancellationToken);
        console.MarkupLineInterpolated($"{manifest.Name}:{alias} → {manifest.Version}");
    }

    private static string Text(double value) => value.ToString("g2", CultureInfo.InvariantCulture);
}

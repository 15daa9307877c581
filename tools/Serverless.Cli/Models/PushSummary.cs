using System.Globalization;
using Serverless.Models.Manifest;
using Spectre.Console;

namespace Serverless.Cli.Models;

/// <summary>Says what a push has made of a model.</summary>
internal static class PushSummary
{
    public static void Show(IAnsiConsole console, ModelManifest manifest, TimeSpan took)
    {
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumns("", "");
        table.AddRow("size", $"{FileSize.Of(manifest.TotalSize)}, {FileSize.Of(manifest.TotalStoredSize)} stored ({Share(manifest)})");
        table.AddRow("weights", Markup.Escape(Weights(manifest)));
        table.AddRow("optimised for", Markup.Escape(OptimizedFor(manifest.Optimization)));
        if (manifest.Batching is { } batching)
            table.AddRow("batching", Markup.Escape(Batching(batching)));
        if (manifest.Decoder is { } decoder)
            table.AddRow("generates text", Markup.Escape(Generation(decoder)));
        if (manifest.MemoryBytes is { } memory)
            table.AddRow("memory", FileSize.Of(memory));
        table.AddRow("inputs", Markup.Escape(Tensors(manifest.Inputs, manifest.Decoder)));
        table.AddRow("outputs", Markup.Escape(Tensors(manifest.Outputs, manifest.Decoder)));
        table.AddRow("took", string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:0.0} s"));
        console.Write(table);
        console.MarkupLineInterpolated($"[green]Published {manifest.Name}:{manifest.Version}[/]");
    }

    private static string Share(ModelManifest manifest) => string.Create(
        CultureInfo.InvariantCulture, $"{100.0 * manifest.TotalStoredSize / Math.Max(1, manifest.TotalSize):0} %");

    private static string Weights(ModelManifest manifest)
    {
        if (manifest.Weights.Count == 0)
            return "in the graph";
        var codecs = manifest.Chunks.GroupBy(chunk => chunk.Codec).Select(group => $"{group.Count()} × {group.Key}");
        return $"{manifest.Weights.Count} tensors in {manifest.Chunks.Count} chunks ({string.Join(", ", codecs)})";
    }

    private static string OptimizedFor(OptimizationRecord? made) => made switch
    {
        null => "no provider in particular: the worker finishes the work when it loads the model",
        { ProcessorFeatures.Length: 0 } => $"{string.Join(", ", made.Providers)}, runtime {made.RuntimeVersion}",
        _ => $"{string.Join(", ", made.Providers)} on {made.ProcessorFeatures} only, runtime {made.RuntimeVersion}",
    };

    private static string Batching(BatchingRecord batching)
    {
        if (batching.MaxBatch <= 1)
            return $"no: {batching.Reason}";
        var difference = batching.Tolerance > 0
            ? string.Create(CultureInfo.InvariantCulture, $"at most {batching.Tolerance:0.#e+0} from the same rows alone")
            : "bit for bit as the same rows alone";
        return string.Create(CultureInfo.InvariantCulture, $"up to {batching.MaxBatch} rows, {difference}");
    }

    private static string Generation(DecoderRecord decoder)
    {
        var memory = decoder.SharesPast ? "keys and values written in place" : "keys and values copied at each token";
        var logits = decoder.LastLogitsOnly ? "logits of the last position" : "logits of every position: its head was not found";
        return string.Create(CultureInfo.InvariantCulture, $"up to {decoder.ContextLength} tokens, {memory}, {logits}");
    }

    // Of a decoder's keys and values, those of layer 0 stand for all.
    private static string Tensors(IReadOnlyList<TensorSignature> tensors, DecoderRecord? decoder) => string.Join(
        "\n", tensors.Where(tensor => decoder is null || tensor.Shape.Count < 4 || tensor.Name.Contains(".0.", StringComparison.Ordinal)).Select(tensor => $"{tensor.Name} {tensor.Datatype} [{string.Join(", ", tensor.Shape)}]"));
}

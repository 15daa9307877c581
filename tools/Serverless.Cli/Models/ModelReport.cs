using System.Globalization;
using Serverless.Cli.Models.Optimization;
using Serverless.Models.Manifest;
using Spectre.Console;

namespace Serverless.Cli.Models;

/// <summary>A manifest for people.</summary>
internal static class ModelReport
{
    /// <summary>What is known of the version as a whole.</summary>
    public static IEnumerable<FormattableString> Lines(ModelManifest manifest)
    {
        yield return $"published {manifest.CreatedAt:u}, task {manifest.Task ?? "none"}";
        if (manifest.Optimization is { } optimization)
        {
            var providers = string.Join(", ", optimization.Providers);
            yield return $"optimised for {providers} by {optimization.RuntimeVersion} {optimization.ProcessorFeatures}";
        }

        if (manifest.Batching is { } batching)
            yield return $"batches up to {batching.MaxBatch} rows (differences up to {batching.Tolerance:g2}): {batching.Reason}";
        if (manifest.Lineage is { } lineage)
            yield return $"made from version {lineage.Parent} by {PassText.Of(lineage.Passes)}, measured on {lineage.References ?? "nothing"}";
        foreach (var stage in StageText.Of(manifest))
            yield return stage;
        if (manifest.MemoryBytes is { } memory)
            yield return $"memory {FileSize.Of(memory)}";
        foreach (var (label, value) in manifest.Labels)
            yield return $"{label} = {value}";
    }

    /// <summary>Inputs and outputs.</summary>
    public static Table Tensors(ModelManifest manifest)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("tensor", "", "datatype", "shape");
        foreach (var input in manifest.Inputs)
            table.AddRow(Markup.Escape(input.Name), "input", input.Datatype, Shape(input));
        foreach (var output in manifest.Outputs)
            table.AddRow(Markup.Escape(output.Name), "output", output.Datatype, Shape(output));
        return table;
    }

    /// <summary>Files, and chunks by codec, with what they take raw and stored.</summary>
    public static Table Contents(ModelManifest manifest)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("content", "codec", "size", "stored", "", "largest error");
        foreach (var file in manifest.Files.Prepend(manifest.Graph))
            table.AddRow(Markup.Escape(file.Path), file.Codec, FileSize.Of(file.Size), FileSize.Of(file.StoredSize), Ratio([file]), "");
        foreach (var chunks in manifest.Chunks.GroupBy(chunk => chunk.Codec))
        {
            var error = chunks.Max(chunk => chunk.Error?.Max);
            table.AddRow(
                $"{chunks.Count()} chunks of weights",
                chunks.Key,
                FileSize.Of(chunks.Sum(chunk => chunk.Size)),
                FileSize.Of(chunks.Sum(chunk => chunk.StoredSize)),
                Ratio(chunks),
                error?.ToString("g2", CultureInfo.InvariantCulture) ?? "none");
        }

        var (size, stored) = (FileSize.Of(manifest.TotalSize), FileSize.Of(manifest.TotalStoredSize));
        table.AddRow("[bold]all[/]", "", size, stored, Ratio(manifest.Contents()), "");
        return table;
    }

    private static string Ratio(IEnumerable<StoredContent> contents)
    {
        var (size, stored) = contents.Aggregate((0L, 0L), (sum, content) => (sum.Item1 + content.Size, sum.Item2 + content.StoredSize));
        return size == 0 ? "" : (stored / (double)size).ToString("P1", CultureInfo.InvariantCulture);
    }

    private static string Shape(TensorSignature tensor) =>
        Markup.Escape($"[{string.Join(", ", tensor.Shape.Select(size => size.ToString(CultureInfo.InvariantCulture)))}]");
}

using System.Globalization;
using Serverless.Contracts.Errors;
using Serverless.Models.Manifest;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models;

/// <summary><c>infer model show MODEL</c>.</summary>
internal sealed class ModelShowCommand(IAnsiConsole console) : AsyncCommand<ModelSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, ModelSettings settings, CancellationToken cancellationToken)
    {
        var store = settings.Open();
        var model = settings.Reference;
        var versions = await store.ListVersionsAsync(model.Name, cancellationToken);
        var version = model.Version ?? (versions.Count > 0 ? versions[0] : 0);
        var manifest = await store.FindManifestAsync(model.Name, version, cancellationToken)
            ?? throw new InferenceException(ErrorKind.ModelNotFound, $"There is no model '{model}' in {store.Location}.", "model");
        Show(manifest, versions);
        return 0;
    }

    private void Show(ModelManifest manifest, IReadOnlyList<int> versions)
    {
        console.MarkupLineInterpolated($"[bold]{manifest.Name}:{manifest.Version}[/] of versions {string.Join(", ", versions.Order())}");
        console.MarkupLineInterpolated($"published {manifest.CreatedAt:u}, task {manifest.Task ?? "none"}");
        foreach (var (label, value) in manifest.Labels)
            console.MarkupLineInterpolated($"{label} = {value}");

        var tensors = new Table().Border(TableBorder.Rounded).AddColumns("tensor", "", "datatype", "shape");
        foreach (var input in manifest.Inputs)
            tensors.AddRow(Markup.Escape(input.Name), "input", input.Datatype, Shape(input));
        foreach (var output in manifest.Outputs)
            tensors.AddRow(Markup.Escape(output.Name), "output", output.Datatype, Shape(output));
        console.Write(tensors);

        var files = new Table().Border(TableBorder.Rounded).AddColumns("file", "size", "stored", "codec", "sha256");
        foreach (var file in manifest.Files)
            files.AddRow(Markup.Escape(file.Path), FileSize.Of(file.Size), FileSize.Of(file.StoredSize), file.Codec, file.Sha256[..16] + "…");
        console.Write(files);
    }

    private static string Shape(TensorSignature tensor) =>
        Markup.Escape($"[{string.Join(", ", tensor.Shape.Select(size => size.ToString(CultureInfo.InvariantCulture)))}]");
}

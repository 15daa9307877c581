using Serverless.Models.Manifest;

namespace Serverless.Cli.Models;

/// <summary>The stages of a model for people.</summary>
internal static class StageText
{
    public static IEnumerable<FormattableString> Of(ModelManifest manifest)
    {
        var stages = manifest.Stages ?? [];
        for (var i = 0; i < stages.Count; i++)
        {
            var package = stages[i].Package ?? "this package";
            var place = stages[i].Place is { } name ? $"by the workers '{name}'" : "where the model is served";
            var values = string.Join(", ", stages[i].Inputs.Select(input => input.Name));
            yield return $"stage {i + 1}: {package}, {place}, up to {stages[i].MaxBatch} rows at once, takes {values}";
        }
    }
}

using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;

namespace Serverless.Models.Manifest;

/// <summary>What must hold of the stages of a partitioned model: each can be found, and gets what it takes from those before it.</summary>
internal static class StageRules
{
    /// <summary>The most stages of a model.</summary>
    public const int MaxStages = 64;

    public static string? FindFault(ModelManifest manifest)
    {
        if (manifest.Stages is not { } stages)
            return null;
        if (stages.Count is < 2 or > MaxStages)
            return $"it has {stages.Count} stages where 2 to {MaxStages} are allowed";
        if (stages.Any(stage => stage is null || stage.Inputs.Contains(null!) || stage.Outputs.Contains(null!)))
            return "a list of its stages has an entry that is null";
        if (manifest.Decoder is not null)
            return "a model that generates text cannot be in stages";
        return stages.Select((stage, index) => FindFault(manifest.Name, stage, index)).FirstOrDefault(fault => fault is not null)
            ?? FindFlowFault(manifest, stages);
    }

    private static string? FindFault(string model, StageRecord stage, int index)
    {
        if (stage.MaxBatch < 1)
            return $"stage {index + 1} is proved for {stage.MaxBatch} rows";
        if (stage.Place is not null && (index == 0 || !ModelName.IsValid(stage.Place)))
            return $"the place of stage {index + 1} must match {ModelName.Pattern}, and the first has none";
        if (index == 0)
            return stage.Package is null ? null : "the first stage is the package itself";
        return VersionOf(stage.Package) is not { } package ? $"stage {index + 1} must name its package as name:version"
            : package.Name == model ? $"stage {index + 1} is a version of the model itself"
            : null;
    }

    private static string? FindFlowFault(ModelManifest manifest, IReadOnlyList<StageRecord> stages)
    {
        var known = manifest.Inputs.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < stages.Count; i++)
        {
            if (stages[i].Inputs.FirstOrDefault(input => !known.Contains(input.Name)) is { } missing)
                return $"stage {i + 1} takes '{missing.Name}', which nothing before it gives";
            if (stages[i].Outputs.FirstOrDefault(output => !known.Add(output.Name)) is { } twice)
                return $"stage {i + 1} gives '{twice.Name}', which is there already";
        }

        return manifest.Outputs.FirstOrDefault(output => !stages.Any(stage => stage.Outputs.Any(given => given.Name == output.Name))) is { } open
            ? $"no stage gives the output '{open.Name}'"
            : null;
    }

    private static ModelReference? VersionOf(string? package)
    {
        try
        {
            return package is not null && ModelReference.Parse(package) is { Version: not null } version ? version : null;
        }
        catch (InferenceException)
        {
            return null;
        }
    }
}

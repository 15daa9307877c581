using Serverless.Contracts.Models;
using Serverless.Models.Manifest;

namespace Serverless.Models.Publishing;

/// <summary>Refuses drafts that break a rule before anything is written.</summary>
internal static class DraftCheck
{
    /// <exception cref="ArgumentException">The draft breaks a rule.</exception>
    public static void Check(PackageDraft draft)
    {
        if (FindFault(draft) is { } fault)
            throw new ArgumentException(fault, nameof(draft));
    }

    private static string? FindFault(PackageDraft draft)
    {
        if (!ModelName.IsValid(draft.Name))
            return $"'{draft.Name}' cannot name a model: names match {ModelName.Pattern}.";
        if (draft.Task is not null && !ModelTasks.All.Contains(draft.Task))
            return $"'{draft.Task}' is not a task: those known are {string.Join(", ", ModelTasks.All)}.";
        var graph = Path.GetFileName(draft.GraphFile);
        if (draft.Files.Keys.Prepend(graph).FirstOrDefault(path => !PackagePath.IsValid(path)) is { } bad)
            return $"'{bad}' cannot name a file of a package: {PackagePath.Pattern}.";
        var paths = draft.Files.Keys.Prepend(graph).GroupBy(path => path, StringComparer.OrdinalIgnoreCase);
        if (paths.FirstOrDefault(group => group.Count() > 1) is { } same)
            return $"Two files of the package would be called '{same.Key}'.";
        if (draft.Files.Count > FileRules.MaxFiles)
            return $"{draft.Files.Count} files are given where up to {FileRules.MaxFiles} are allowed.";
        if (!double.IsFinite(draft.Codecs.LinkMegabytesPerSecond) || draft.Codecs.LinkMegabytesPerSecond <= 0)
            return $"The link's speed must be a positive number of MB/s, not {draft.Codecs.LinkMegabytesPerSecond}.";
        return (DecoderRules.FindFault(draft.Task, draft.Decoder) is { } fault ? $"The draft is not valid: {fault}." : null) ?? FindWeightsFault(draft);
    }

    private static string? FindWeightsFault(PackageDraft draft)
    {
        if (draft.WeightsFile is null)
            return draft.Weights.Count == 0 ? null : $"{draft.Weights.Count} tensors are described, but there is no file of weights.";
        return WeightRules.FindTensorFault(draft.Weights, new FileInfo(draft.WeightsFile).Length) is { } fault
            ? $"The weights are not laid out well: {fault}."
            : null;
    }
}

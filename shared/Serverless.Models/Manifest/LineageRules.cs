namespace Serverless.Models.Manifest;

/// <summary>What must hold of a lineage, which is shown to people and bounded for that.</summary>
internal static class LineageRules
{
    private const int MaxPasses = 32;
    private const int MaxFigures = 64;

    public static string? FindFault(LineageRecord? lineage) => lineage switch
    {
        null => null,
        { Parent: < 1 } => $"a version cannot be made from version {lineage.Parent}",
        { Passes.Count: > MaxPasses } => $"the lineage has {lineage.Passes.Count} passes where up to {MaxPasses} are allowed",
        { Figures.Count: > MaxFigures } => $"the lineage has {lineage.Figures.Count} figures where up to {MaxFigures} are allowed",
        _ when lineage.Passes.Contains(null!) || lineage.Figures.Contains(null!) => "a list of the lineage has an entry that is null",
        _ => null,
    };
}

namespace Serverless.Models.Manifest;

/// <summary>How a version was made from another one of its model.</summary>
/// <param name="Parent">The version that it was made from and held against.</param>
/// <param name="Passes">What was done to it, in order.</param>
/// <param name="Figures">What it was measured by.</param>
public sealed record LineageRecord(int Parent, IReadOnlyList<PassRecord> Passes, IReadOnlyList<EvaluationFigure> Figures)
{
    /// <summary>What its accuracy was measured on, for people.</summary>
    public string? References { get; init; }
}

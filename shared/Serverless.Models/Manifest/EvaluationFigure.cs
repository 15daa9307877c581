using System.Text.Json.Serialization;

namespace Serverless.Models.Manifest;

/// <summary>A figure that a version was measured by.</summary>
/// <param name="Name">What was measured, for example <c>cosine</c>.</param>
/// <param name="Value">What was found.</param>
public sealed record EvaluationFigure(string Name, double Value)
{
    /// <summary>The least that was asked for; null for no such bound.</summary>
    public double? Least { get; init; }

    /// <summary>The most that was asked for; null for no such bound.</summary>
    public double? Most { get; init; }

    /// <summary>Whether it is within its bounds. A value that is no number never is.</summary>
    [JsonIgnore]
    public bool IsMet => (Least is null || Value >= Least) && (Most is null || Value <= Most) && !double.IsNaN(Value);
}

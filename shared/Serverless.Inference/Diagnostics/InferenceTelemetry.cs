using System.Diagnostics;

namespace Serverless.Inference.Diagnostics;

/// <summary>Names under which the engine reports, and its source of spans.</summary>
public static class InferenceTelemetry
{
    /// <summary>Name of the engine's meter and of its source of spans.</summary>
    public const string Name = "Serverless.Inference";

    internal const string Model = "model";
    internal const string Version = "version";
    internal const string Outcome = "outcome";
    internal const string Reason = "reason";
    internal const string Stage = "stage";
    internal const string Origin = "source";

    internal static ActivitySource Source { get; } = new(Name);
}

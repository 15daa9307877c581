using Serverless.Inference.Generation.Constraints.Grammar;

namespace Serverless.Inference.Generation.Constraints.Schema;

/// <summary>How large a schema may be: it comes from a stranger, and is compiled while others wait.</summary>
internal static class SchemaLimits
{
    /// <summary>Bytes of its text.</summary>
    public const int MaxBytes = 64 << 10;

    /// <summary>How many schemas one may be within, through references too.</summary>
    public const int MaxReadDepth = 128;

    /// <summary>Values that it describes with every reference written out.</summary>
    public const int MaxSize = 10_000;

    /// <summary>Values in all its enumerations together.</summary>
    public const int MaxEnumValues = 5_000;

    /// <summary>Kinds of value at one place: as many as can be followed at once.</summary>
    public const int MaxAlternatives = FrameSet.MaxFrames;

    /// <summary>What <c>minItems</c> and <c>maxItems</c> may be.</summary>
    public const int MaxItems = 100_000;
}

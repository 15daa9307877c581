namespace Serverless.Inference.Generation.Constraints.Grammar;

/// <summary>How deep values are nested.</summary>
internal static class NestingLimits
{
    /// <summary>The most levels that a schema may describe.</summary>
    public const int MaxSchemaDepth = 32;

    /// <summary>
    /// The most objects and arrays within one another where a schema allows any value: what JSON parsers read unless told otherwise.
    /// </summary>
    public const int MaxDepth = 64;

    /// <summary>Whether one more may be opened after <paramref name="parent"/>.</summary>
    public static bool HasRoom(Frame? parent) => (parent?.Depth ?? 0) < MaxDepth;
}

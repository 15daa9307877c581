namespace Serverless.Inference.Generation.Text.Templates;

/// <summary>
/// What a template may take. Templates in use have up to 20,000 characters; a conversation of a thousand messages takes about 100,000
/// steps.
/// </summary>
internal static class TemplateLimits
{
    public const int SourceCharacters = 256 * 1024;

    /// <summary>How deep expressions and blocks may nest.</summary>
    public const int Depth = 64;

    /// <summary>Operators, filters and accesses in one expression: each makes evaluation one deeper.</summary>
    public const int Links = 256;

    public const int MacroDepth = 32;

    /// <summary>Expressions and statements evaluated.</summary>
    public const int Steps = 5_000_000;

    /// <summary>Characters of one text.</summary>
    public const int TextCharacters = 8 * 1024 * 1024;

    /// <summary>Characters of all texts made on the way.</summary>
    public const int AllCharacters = 256 * 1024 * 1024;
}

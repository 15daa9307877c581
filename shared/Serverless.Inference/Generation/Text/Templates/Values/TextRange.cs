namespace Serverless.Inference.Generation.Text.Templates.Values;

/// <summary>Characters of a text, from one place to before another.</summary>
internal readonly record struct TextRange(int Start, int End);

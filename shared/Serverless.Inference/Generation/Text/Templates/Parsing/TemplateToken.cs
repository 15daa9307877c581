namespace Serverless.Inference.Generation.Text.Templates.Parsing;

/// <param name="Kind">What it is.</param>
/// <param name="Value">The text; a string's without quotes and escapes.</param>
/// <param name="Line">Where it begins, from 1.</param>
internal readonly record struct TemplateToken(TemplateTokenKind Kind, string Value, int Line);

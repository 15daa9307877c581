namespace Serverless.Inference.Generation.Text.Templates;

/// <summary>The template itself refuses what it is given, by <c>raise_exception</c>.</summary>
internal sealed class TemplateRefusedException(string message) : Exception(message);

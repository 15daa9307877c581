namespace Serverless.Inference.Generation.Text.Templates;

/// <summary>A template that is broken or uses what is not supported, or that fails on the values it is given.</summary>
internal sealed class TemplateException(string message) : Exception(message)
{
    public TemplateException(int line, string message)
        : this($"line {line}: {message}")
    {
    }
}

using Serverless.Inference.Generation.Text.Templates.Library;
using Serverless.Inference.Generation.Text.Templates.Parsing;
using Serverless.Inference.Generation.Text.Templates.Statements;
using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates;

/// <summary>
/// A template in the part of Jinja that chat templates use, under Hugging Face's settings. Safe for any number of threads.
/// </summary>
internal sealed class Template
{
    private readonly Block _body;

    /// <exception cref="TemplateException">The template is broken or uses what is not supported; the message says what, and on which line.</exception>
    public Template(string source)
    {
        if (source.Length > TemplateLimits.SourceCharacters)
            throw new TemplateException($"it has {source.Length} characters; at most {TemplateLimits.SourceCharacters} are supported");
        source = source.Replace("\r\n", "\n", StringComparison.Ordinal);
        _body = StatementParser.Parse(TemplateLexer.Split(source.EndsWith('\n') ? source[..^1] : source));
    }

    /// <param name="variables">What it can use.</param>
    /// <param name="time">For templates that write the date.</param>
    /// <exception cref="TemplateException">It fails on these; the message says why, and on which line.</exception>
    /// <exception cref="TemplateRefusedException">It refuses these itself.</exception>
    public TemplateText Render(IReadOnlyDictionary<string, object?> variables, TimeProvider time)
    {
        var run = new TemplateRun(time);
        var scope = new Scope(run, outer: null);
        foreach (var (name, function) in Functions.All)
            scope.Set(name, function);
        foreach (var (name, value) in variables)
            scope.Set(name, value);
        try
        {
            return _body.Capture(scope);
        }
        catch (Exception error) when (error is TemplateException or InsufficientExecutionStackException)
        {
            throw new TemplateException(run.Line, error is TemplateException ? error.Message : "values nest too deep");
        }
    }
}

namespace Serverless.Inference.Generation.Text.Templates.Expressions;

/// <summary>A part of a template that has a value.</summary>
internal abstract class Expression(int line)
{
    /// <exception cref="TemplateException">It has none with these variables.</exception>
    public object? Evaluate(Scope scope)
    {
        scope.Run.Step(line);
        return Compute(scope);
    }

    protected abstract object? Compute(Scope scope);
}

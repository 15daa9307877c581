using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Statements;

/// <summary>A part of a template that does something.</summary>
internal abstract class Statement(int line)
{
    /// <exception cref="TemplateException">It fails.</exception>
    public Flow Execute(Scope scope, TemplateTextBuilder output)
    {
        scope.Run.Step(line);
        return Run(scope, output);
    }

    protected abstract Flow Run(Scope scope, TemplateTextBuilder output);
}

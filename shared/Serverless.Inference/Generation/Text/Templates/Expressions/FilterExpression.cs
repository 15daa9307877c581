using Serverless.Inference.Generation.Text.Templates.Library;
using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Expressions;

/// <summary><c>target | name(…)</c>.</summary>
internal sealed class FilterExpression(int line, Expression target, string name, ArgumentList arguments) : Expression(line)
{
    private readonly Filter _filter = Filters.Find(name);

    protected override object? Compute(Scope scope)
    {
        var result = _filter(scope.Run, target.Evaluate(scope), arguments.Evaluate(scope));
        switch (result)
        {
            case TemplateText text:
                scope.Run.Characters(text.Length);
                break;
            case List<object?> list:
                scope.Run.Steps(list.Count);
                break;
        }

        return result;
    }
}

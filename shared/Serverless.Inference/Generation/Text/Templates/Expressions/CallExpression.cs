using Serverless.Inference.Generation.Text.Templates.Library;
using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Expressions;

/// <summary><c>function(…)</c> or <c>value.method(…)</c>.</summary>
internal sealed class CallExpression(int line, Expression callee, ArgumentList arguments) : Expression(line)
{
    protected override object? Compute(Scope scope)
    {
        if (callee is ElementExpression { Member: { } name } method)
        {
            var result = Methods.Call(scope.Run, method.Target.Evaluate(scope), name, arguments.Evaluate(scope));
            scope.Run.Characters(result is TemplateText text ? text.Length : 0);
            return result;
        }

        return callee.Evaluate(scope) switch
        {
            TemplateFunction function => function(scope.Run, arguments.Evaluate(scope)),
            Undefined undefined => throw new TemplateException($"'{undefined.Name}' is undefined, so it cannot be called"),
            var value => throw new TemplateException($"{TemplateValue.KindOf(value)} cannot be called"),
        };
    }
}

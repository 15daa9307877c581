using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Expressions;

/// <summary><c>and</c> and <c>or</c>: the value that decided.</summary>
internal sealed class LogicExpression(int line, bool isOr, Expression left, Expression right) : Expression(line)
{
    protected override object? Compute(Scope scope)
    {
        var value = left.Evaluate(scope);
        return TemplateValue.IsTrue(value) == isOr ? value : right.Evaluate(scope);
    }
}

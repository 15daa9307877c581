using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Expressions;

/// <summary><c>value if condition else otherwise</c>.</summary>
internal sealed class ConditionalExpression(int line, Expression condition, Expression value, Expression? otherwise) : Expression(line)
{
    protected override object? Compute(Scope scope) =>
        TemplateValue.IsTrue(condition.Evaluate(scope)) ? value.Evaluate(scope)
        : otherwise is null ? new Undefined("else")
        : otherwise.Evaluate(scope);
}

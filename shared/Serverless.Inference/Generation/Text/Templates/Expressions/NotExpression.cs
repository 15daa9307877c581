using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Expressions;

internal sealed class NotExpression(int line, Expression operand) : Expression(line)
{
    protected override object Compute(Scope scope) => !TemplateValue.IsTrue(operand.Evaluate(scope));
}

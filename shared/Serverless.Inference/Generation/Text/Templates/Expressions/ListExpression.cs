namespace Serverless.Inference.Generation.Text.Templates.Expressions;

internal sealed class ListExpression(int line, IReadOnlyList<Expression> items) : Expression(line)
{
    protected override object Compute(Scope scope) => items.Select(item => item.Evaluate(scope)).ToList();
}

namespace Serverless.Inference.Generation.Text.Templates.Expressions;

internal sealed class LiteralExpression(int line, object? value) : Expression(line)
{
    protected override object? Compute(Scope scope) => value;
}

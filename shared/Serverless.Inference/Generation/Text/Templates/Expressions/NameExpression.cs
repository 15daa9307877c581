namespace Serverless.Inference.Generation.Text.Templates.Expressions;

internal sealed class NameExpression(int line, string name) : Expression(line)
{
    public string Name => name;

    protected override object? Compute(Scope scope) => scope.Get(name);
}

using Serverless.Inference.Generation.Text.Templates.Library;

namespace Serverless.Inference.Generation.Text.Templates.Expressions;

/// <summary><c>target is name</c>.</summary>
internal sealed class TestExpression(int line, Expression target, string name, ArgumentList arguments) : Expression(line)
{
    private readonly Test _test = Tests.Find(name);

    protected override object Compute(Scope scope) => _test(target.Evaluate(scope), arguments.Evaluate(scope));
}

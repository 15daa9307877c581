using Serverless.Inference.Generation.Text.Templates.Expressions;
using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Statements;

/// <summary><c>if</c> with its <c>elif</c>s and <c>else</c>, whose condition is null.</summary>
internal sealed class IfStatement(int line, IReadOnlyList<(Expression? Condition, Block Body)> branches) : Statement(line)
{
    protected override Flow Run(Scope scope, TemplateTextBuilder output)
    {
        foreach (var (condition, body) in branches)
        {
            if (condition is null || TemplateValue.IsTrue(condition.Evaluate(scope)))
                return body.Execute(scope, output);
        }

        return Flow.Next;
    }
}

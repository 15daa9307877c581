using Serverless.Inference.Generation.Text.Templates.Expressions;
using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Statements;

/// <summary><c>{{ value }}</c>.</summary>
internal sealed class OutputStatement(int line, Expression value) : Statement(line)
{
    protected override Flow Run(Scope scope, TemplateTextBuilder output)
    {
        var text = TemplateValue.ToText(value.Evaluate(scope));
        scope.Run.Characters(text.Length);
        output.Append(text);
        return Flow.Next;
    }
}

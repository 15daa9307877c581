using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Statements;

/// <summary>Statements one after the other.</summary>
internal sealed class Block(IReadOnlyList<Statement> statements)
{
    public Flow Execute(Scope scope, TemplateTextBuilder output)
    {
        foreach (var statement in statements)
        {
            if (statement.Execute(scope, output) is var flow and not Flow.Next)
                return flow;
        }

        return Flow.Next;
    }

    /// <summary>What it writes.</summary>
    public TemplateText Capture(Scope scope)
    {
        var output = new TemplateTextBuilder();
        Execute(scope, output);
        return output.ToText();
    }
}

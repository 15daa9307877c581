using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Statements;

/// <summary>Text outside of tags.</summary>
internal sealed class TextStatement(int line, string text) : Statement(line)
{
    protected override Flow Run(Scope scope, TemplateTextBuilder output)
    {
        scope.Run.Characters(text.Length);
        output.Append(text);
        return Flow.Next;
    }
}

using Serverless.Inference.Generation.Text.Templates.Expressions;
using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Statements;

/// <summary><c>macro name(parameters)</c>.</summary>
internal sealed class MacroStatement(
    int line, string name, IReadOnlyList<(string Name, Expression? Default)> parameters, Block body) : Statement(line)
{
    protected override Flow Run(Scope scope, TemplateTextBuilder output)
    {
        scope.Set(name, (TemplateFunction)((_, arguments) => Call(scope, arguments)));
        return Flow.Next;
    }

    private TemplateText Call(Scope scope, Arguments arguments)
    {
        var unknown = arguments.Named.Keys.Except(parameters.Select(parameter => parameter.Name)).FirstOrDefault();
        if (unknown is not null || arguments.Positional.Count > parameters.Count)
            throw new TemplateException($"the macro '{name}' takes {string.Join(", ", parameters.Select(p => p.Name))}; {unknown ?? "more"} was given");
        var inner = scope.Inner();
        for (var i = 0; i < parameters.Count; i++)
        {
            var (parameter, otherwise) = parameters[i];
            var isGiven = i < arguments.Positional.Count || arguments.Named.ContainsKey(parameter);
            inner.Set(parameter, isGiven ? arguments.Get(i, parameter)
                : otherwise is not null ? otherwise.Evaluate(inner)
                : new Undefined(parameter));
        }

        scope.Run.EnterMacro();
        var text = body.Capture(inner);
        scope.Run.LeaveMacro();
        return text;
    }
}

using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Statements;

/// <summary><c>set name = value</c>, <c>set namespace.name = value</c>, or <c>set name</c> with a block as the value.</summary>
internal sealed class SetStatement(int line, string name, string? member, Func<Scope, object?> value) : Statement(line)
{
    protected override Flow Run(Scope scope, TemplateTextBuilder output)
    {
        var result = value(scope);
        if (member is null)
            scope.Set(name, result);
        else if (scope.Get(name) is TemplateMap { IsNamespace: true } space)
            space.Entries[member] = result;
        else
            throw new TemplateException($"'{name}' is no namespace, so its '{member}' cannot be set");
        return Flow.Next;
    }
}

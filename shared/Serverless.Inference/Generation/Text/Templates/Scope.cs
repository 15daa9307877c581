using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates;

/// <summary>Variables: those of a loop's round or a macro, in front of those around it.</summary>
internal sealed class Scope(TemplateRun run, Scope? outer)
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    public TemplateRun Run => run;

    public object? Get(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._values.TryGetValue(name, out var value))
                return value;
        }

        return new Undefined(name);
    }

    public void Set(string name, object? value) => _values[name] = value;

    public Scope Inner() => new(run, this);

    private Scope? Outer => outer;
}

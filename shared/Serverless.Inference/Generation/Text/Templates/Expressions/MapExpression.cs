using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Expressions;

internal sealed class MapExpression(int line, IReadOnlyList<(Expression Key, Expression Value)> entries) : Expression(line)
{
    protected override object Compute(Scope scope)
    {
        var values = entries.Select(entry => (Key: entry.Key.Evaluate(scope) as TemplateText
            ?? throw new TemplateException("a key of a mapping must be a text"), Value: entry.Value.Evaluate(scope))).ToList();
        var map = new TemplateMap(values.Exists(entry => entry.Key.FromCaller.Count > 0));
        foreach (var (key, value) in values)
            map.Entries[key.Text] = value;
        return map;
    }
}

using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Expressions;

/// <summary><c>target.name</c> or <c>target[index]</c>.</summary>
internal sealed class ElementExpression(int line, Expression target, Expression index) : Expression(line)
{
    public Expression Target => target;

    /// <summary>The name after the dot; null where brackets are used.</summary>
    public string? Member { get; init; }

    protected override object? Compute(Scope scope) => ElementOf(target.Evaluate(scope), index.Evaluate(scope));

    private static object? ElementOf(object? from, object? key) => (from, key) switch
    {
        (Undefined undefined, _) => throw new TemplateException($"'{undefined.Name}' is undefined, so it has no '{TemplateValue.ToText(key)}'"),
        (TemplateMap map, TemplateText name) => map.Entries.TryGetValue(name.Text, out var value) ? value : new Undefined(name.Text),
        (LoopState loop, TemplateText name) => loop.Get(name.Text),
        (List<object?> list, long at) => At(list.Count, at) is { } place ? list[place] : new Undefined($"element {at}"),
        (TemplateText text, long at) => At(text.Length, at) is { } place ? text.Slice(place, 1) : new Undefined($"character {at}"),
        _ => new Undefined(TemplateValue.ToText(key).Text),
    };

    private static int? At(int count, long index)
    {
        var place = index < 0 ? index + count : index;
        return place >= 0 && place < count ? (int)place : null;
    }
}

using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Expressions;

/// <summary><c>target[start:stop:step]</c>.</summary>
internal sealed class SliceExpression(int line, Expression target, Expression? start, Expression? stop, Expression? step) : Expression(line)
{
    protected override object? Compute(Scope scope)
    {
        var value = target.Evaluate(scope);
        var stride = Bound(step, scope) ?? 1;
        if (stride == 0)
            throw new TemplateException("the step of a slice must not be 0");
        var (first, last) = (Bound(start, scope), Bound(stop, scope));
        switch (value)
        {
            case List<object?> list:
                var items = Places(list.Count, first, last, stride).Select(at => list[at]).ToList();
                scope.Run.Steps(items.Count);
                return items;
            case TemplateText text when stride == 1:
                var (from, to) = (Clamp(first ?? 0, text.Length, 0, text.Length), Clamp(last ?? text.Length, text.Length, 0, text.Length));
                scope.Run.Characters(Math.Max(0, to - from));
                return text.Slice(from, to - from);
            default:
                throw new TemplateException($"{TemplateValue.KindOf(value)} cannot be sliced{(stride == 1 ? "" : " in steps")}");
        }
    }

    private static IEnumerable<int> Places(int count, int? start, int? stop, int step)
    {
        var (low, high) = step > 0 ? (0, count) : (-1, count - 1);
        var from = start is { } first ? Clamp(first, count, low, high) : step > 0 ? low : high;
        var to = stop is { } last ? Clamp(last, count, low, high) : step > 0 ? high : low;
        for (long at = from; step > 0 ? at < to : at > to; at += step)
            yield return (int)at;
    }

    private static int Clamp(int index, int count, int low, int high) => Math.Clamp(index < 0 ? index + count : index, low, high);

    private static int? Bound(Expression? bound, Scope scope) => bound?.Evaluate(scope) switch
    {
        null => null,
        long number => (int)Math.Clamp(number, -int.MaxValue, int.MaxValue),
        var other => throw new TemplateException($"a slice's bounds are whole numbers, not {TemplateValue.KindOf(other)}"),
    };
}

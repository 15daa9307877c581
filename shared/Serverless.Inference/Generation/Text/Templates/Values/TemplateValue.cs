using System.Globalization;
using System.Runtime.CompilerServices;

namespace Serverless.Inference.Generation.Text.Templates.Values;

/// <summary>
/// What all values have in common. They are null, bool, long, double, <see cref="TemplateText"/>, lists, <see cref="TemplateMap"/>,
/// <see cref="TemplateFunction"/>, <see cref="LoopState"/> and <see cref="Undefined"/>; they act as Python's would.
/// </summary>
internal static class TemplateValue
{
    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        TemplateText text => text.Length > 0,
        List<object?> list => list.Count > 0,
        TemplateMap map => map.Entries.Count > 0 || map.IsNamespace,
        _ => true,
    };

    public static string KindOf(object? value) => value switch
    {
        null => "none",
        Undefined undefined => $"undefined ('{undefined.Name}')",
        bool => "a boolean",
        long or double => "a number",
        TemplateText => "a text",
        List<object?> => "a list",
        TemplateMap => "a mapping",
        _ => "a function",
    };

    public static bool AreEqual(object? left, object? right)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return (left, right) switch
        {
            (TemplateText a, TemplateText b) => a.Text == b.Text,
            (List<object?> a, List<object?> b) => a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second)),
            (TemplateMap a, TemplateMap b) => a.Entries.Count == b.Entries.Count && a.Entries.All(
                entry => b.Entries.TryGetValue(entry.Key, out var other) && AreEqual(entry.Value, other)),
            (Undefined, Undefined) => true,
            (bool or long or double, bool or long or double) => ToNumber(left).Equals(ToNumber(right)),
            _ => Equals(left, right),
        };
    }

    /// <exception cref="TemplateException">The two have no order.</exception>
    public static int Compare(object? left, object? right) => (left, right) switch
    {
        (TemplateText a, TemplateText b) => string.CompareOrdinal(a.Text, b.Text),
        (bool or long or double, bool or long or double) => ToNumber(left).CompareTo(ToNumber(right)),
        _ => throw new TemplateException($"{KindOf(left)} and {KindOf(right)} have no order"),
    };

    public static bool Contains(object? container, object? item) => container switch
    {
        TemplateText text when item is TemplateText part => text.Text.Contains(part.Text, StringComparison.Ordinal),
        List<object?> list => list.Exists(element => AreEqual(element, item)),
        TemplateMap map => item is TemplateText key && map.Entries.ContainsKey(key.Text),
        Undefined => false,
        _ => throw new TemplateException($"{KindOf(container)} cannot contain {KindOf(item)}"),
    };

    /// <summary>The elements of a value; those of a mapping are its keys.</summary>
    /// <exception cref="TemplateException">It has none.</exception>
    public static List<object?> Elements(object? value) => value switch
    {
        List<object?> list => list,
        TemplateMap map => map.Keys(),
        TemplateText text => [.. Enumerable.Range(0, text.Length).Select(at => text.Slice(at, 1))],
        Undefined => [],
        _ => throw new TemplateException($"{KindOf(value)} has no elements"),
    };

    /// <summary>The value as a text, as Python's <c>str</c> writes it.</summary>
    public static TemplateText ToText(object? value) => value switch
    {
        TemplateText text => text,
        Undefined => TemplateText.Empty,
        null => TemplateText.Of("None"),
        bool flag => TemplateText.Of(flag ? "True" : "False"),
        long number => TemplateText.Of(number.ToString(CultureInfo.InvariantCulture)),
        double number => TemplateText.Of(NumberText(number)),
        List<object?> or TemplateMap => ValueWriter.Represent(value),
        _ => throw new TemplateException($"{KindOf(value)} cannot be written"),
    };

    public static string NumberText(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();
        return double.IsInteger(number) && !text.Contains('e', StringComparison.Ordinal) ? text + ".0" : text;
    }

    public static double ToNumber(object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long number => number,
        double number => number,
        _ => throw new TemplateException($"{KindOf(value)} is no number"),
    };
}

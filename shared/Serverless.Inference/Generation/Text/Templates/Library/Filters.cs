using System.Globalization;
using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Library;

/// <summary>What stands after <c>|</c>.</summary>
internal static class Filters
{
    private static readonly Dictionary<string, Filter> All = new()
    {
        ["trim"] = (_, value, arguments) => TextShaping.Strip(Text(value), arguments.Get(0, "chars") as TemplateText),
        ["upper"] = (_, value, _) => TextShaping.Upper(Text(value)),
        ["lower"] = (_, value, _) => TextShaping.Lower(Text(value)),
        ["title"] = (_, value, _) => TextShaping.Title(Text(value)),
        ["capitalize"] = (_, value, _) => TextShaping.Capitalize(Text(value)),
        ["replace"] = (_, value, arguments) => TextShaping.Replace(
            Text(value), arguments.Text(0, "old"), arguments.Text(1, "new"), arguments.Number(2, "count", -1)),
        ["indent"] = (_, value, arguments) => Indent(Text(value), arguments),
        ["string"] = (_, value, _) => Text(value),
        // Nothing is escaped, so that everything is safe.
        ["safe"] = (_, value, _) => Text(value),
        ["tojson"] = (_, value, arguments) => ValueWriter.ToJson(
            value, arguments.Get(0, "indent") is null ? null : arguments.Number(0, "indent", 0)),
        ["int"] = (_, value, arguments) => Whole(value) ?? arguments.Number(0, "default", 0),
        ["float"] = (_, value, _) => Fraction(value),
        ["abs"] = (_, value, _) => value is long and > long.MinValue ? (object)Math.Abs((long)value) : Math.Abs(TemplateValue.ToNumber(value)),
        ["default"] = Default,
        ["d"] = Default,
        ["length"] = (_, value, _) => Length(value),
        ["count"] = (_, value, _) => Length(value),
        ["list"] = (_, value, _) => TemplateValue.Elements(value).ToList(),
        ["items"] = (_, value, _) => value switch
        {
            TemplateMap map => map.Pairs(),
            Undefined => new List<object?>(),
            _ => throw new TemplateException($"{TemplateValue.KindOf(value)} has no items"),
        },
        ["first"] = (_, value, _) => TemplateValue.Elements(value) is [var first, ..] ? first : new Undefined("first"),
        ["last"] = (_, value, _) => TemplateValue.Elements(value) is [.., var last] ? last : new Undefined("last"),
        ["reverse"] = (_, value, _) => Enumerable.Reverse(TemplateValue.Elements(value)).ToList(),
        ["unique"] = (run, value, _) => ListShaping.Unique(run, TemplateValue.Elements(value)),
        ["join"] = (_, value, arguments) => TextShaping.Join(
            ListShaping.Members(TemplateValue.Elements(value), arguments.Get(1, "attribute")),
            arguments.Get(0, "d") as TemplateText ?? TemplateText.Empty),
        ["map"] = ListShaping.Map,
        ["select"] = (run, value, arguments) => ListShaping.Select(run, value, null, arguments, keeps: true),
        ["reject"] = (run, value, arguments) => ListShaping.Select(run, value, null, arguments, keeps: false),
        ["selectattr"] = (run, value, arguments) => ListShaping.Select(run, value, arguments.Text(0, "attr"), arguments.Skip(1), keeps: true),
        ["rejectattr"] = (run, value, arguments) => ListShaping.Select(run, value, arguments.Text(0, "attr"), arguments.Skip(1), keeps: false),
    };

    public static bool Has(string name) => All.ContainsKey(name);

    /// <exception cref="TemplateException">There is none of that name.</exception>
    public static Filter Find(string name) =>
        All.TryGetValue(name, out var filter) ? filter : throw new TemplateException($"the filter '{name}' is not supported");

    private static TemplateText Text(object? value) => TemplateValue.ToText(value);

    private static object? Default(TemplateRun run, object? value, Arguments arguments)
    {
        var isMissing = value is Undefined || (TemplateValue.IsTrue(arguments.Get(1, "boolean")) && !TemplateValue.IsTrue(value));
        return isMissing ? arguments.Get(0, "default_value") ?? (arguments.Count == 0 ? TemplateText.Empty : null) : value;
    }

    private static long Length(object? value) => value switch
    {
        TemplateText text => text.Length,
        List<object?> list => list.Count,
        TemplateMap map => map.Entries.Count,
        Undefined => 0,
        _ => throw new TemplateException($"{TemplateValue.KindOf(value)} has no length"),
    };

    private static TemplateText Indent(TemplateText text, Arguments arguments)
    {
        var indentation = arguments.Get(0, "width") is TemplateText given
            ? given.Text
            : new string(' ', Math.Clamp(arguments.Number(0, "width", 4), 0, 256));
        return TextShaping.Indent(
            text, indentation, TemplateValue.IsTrue(arguments.Get(1, "first")), TemplateValue.IsTrue(arguments.Get(2, "blank")));
    }

    private static long? Whole(object? value) => value switch
    {
        long number => number,
        bool flag => flag ? 1 : 0,
        double number when double.IsFinite(number) && Math.Abs(number) < 1e18 => (long)number,
        TemplateText text when long.TryParse(text.Text, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static double Fraction(object? value) => value switch
    {
        TemplateText text => double.TryParse(text.Text, CultureInfo.InvariantCulture, out var number) ? number : 0,
        bool or long or double => TemplateValue.ToNumber(value),
        _ => 0,
    };
}

using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Library;

/// <summary>Python's methods of texts, mappings and lists; none that changes what it is called on, which Hugging Face forbids too.</summary>
internal static class Methods
{
    /// <exception cref="TemplateException">The value has no such method.</exception>
    public static object? Call(TemplateRun run, object? target, string name, Arguments arguments) => target switch
    {
        TemplateText text => OfText(text, name, arguments),
        TemplateMap map => OfMap(run, map, name, arguments),
        List<object?> list when name == "count" => (long)list.Count(item => TemplateValue.AreEqual(item, arguments.Get(0, "value"))),
        List<object?> list when name == "index" => Index(list, arguments.Get(0, "value")),
        Undefined undefined => throw new TemplateException($"'{undefined.Name}' is undefined, so it has no '{name}'"),
        _ => throw Unknown(target, name),
    };

    private static object OfText(TemplateText text, string name, Arguments arguments) => name switch
    {
        "strip" => TextShaping.Strip(text, Characters(arguments)),
        "lstrip" => TextShaping.Strip(text, Characters(arguments), right: false),
        "rstrip" => TextShaping.Strip(text, Characters(arguments), left: false),
        "upper" => TextShaping.Upper(text),
        "lower" => TextShaping.Lower(text),
        "title" => TextShaping.Title(text),
        "capitalize" => TextShaping.Capitalize(text),
        "replace" => TextShaping.Replace(text, arguments.Text(0, "old"), arguments.Text(1, "new"), arguments.Number(2, "count", -1)),
        "split" => TextShaping.Split(text, arguments.Get(0, "sep") as TemplateText, arguments.Number(1, "maxsplit", -1)),
        "splitlines" => text.Length == 0 ? [] : TextShaping.Split(
            text.Text[^1] == '\n' ? text.Slice(0, text.Length - 1) : text, TemplateText.Of("\n"), -1),
        "join" => TextShaping.Join(TemplateValue.Elements(arguments.Get(0, "iterable")), text),
        "startswith" => Affixes(arguments).Any(affix => text.Text.StartsWith(affix, StringComparison.Ordinal)),
        "endswith" => Affixes(arguments).Any(affix => text.Text.EndsWith(affix, StringComparison.Ordinal)),
        "removeprefix" => Affixes(arguments).Where(affix => text.Text.StartsWith(affix, StringComparison.Ordinal))
            .Select(affix => text.Slice(affix.Length, text.Length - affix.Length)).FirstOrDefault(text),
        "removesuffix" => Affixes(arguments).Where(affix => text.Text.EndsWith(affix, StringComparison.Ordinal))
            .Select(affix => text.Slice(0, text.Length - affix.Length)).FirstOrDefault(text),
        "find" => (long)text.Text.IndexOf(arguments.Text(0, "sub").Text, StringComparison.Ordinal),
        "count" => (long)TextShaping.Split(text, arguments.Text(0, "sub"), -1).Count - 1,
        _ => throw Unknown(text, name),
    };

    private static object? OfMap(TemplateRun run, TemplateMap map, string name, Arguments arguments) => name switch
    {
        "items" => map.Pairs(),
        "keys" => map.Keys(),
        "values" => map.Entries.Values.ToList(),
        "get" => map.Entries.TryGetValue(arguments.Text(0, "key").Text, out var value) ? value : arguments.Get(1, "default"),
        _ => map.Entries.GetValueOrDefault(name) is TemplateFunction function ? function(run, arguments) : throw Unknown(map, name),
    };

    private static long Index(List<object?> list, object? value)
    {
        var index = list.FindIndex(item => TemplateValue.AreEqual(item, value));
        return index >= 0 ? index : throw new TemplateException("the list does not contain what index() looks for");
    }

    private static TemplateText? Characters(Arguments arguments) => arguments.Get(0, "chars") as TemplateText;

    private static IEnumerable<string> Affixes(Arguments arguments) => arguments.Get(0, "affix") switch
    {
        List<object?> all => all.OfType<TemplateText>().Select(affix => affix.Text),
        _ => [arguments.Text(0, "affix").Text],
    };

    private static TemplateException Unknown(object? target, string name) =>
        new($"{TemplateValue.KindOf(target)} has no method '{name}' that is supported");
}

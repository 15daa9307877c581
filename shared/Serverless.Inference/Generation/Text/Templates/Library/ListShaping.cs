using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Library;

/// <summary>Lists from lists.</summary>
internal static class ListShaping
{
    /// <summary>The elements, or what each has under a name.</summary>
    public static List<object?> Members(List<object?> items, object? name) => name switch
    {
        null => items,
        TemplateText text => items.ConvertAll(item => Member(item, text.Text)),
        _ => throw new TemplateException("an attribute's name must be a text"),
    };

    /// <summary><c>map(attribute=…)</c>, or <c>map</c> with a filter's name and its arguments.</summary>
    public static object? Map(TemplateRun run, object? value, Arguments arguments)
    {
        var items = TemplateValue.Elements(value);
        run.Steps(items.Count);
        if (arguments.Named.TryGetValue("attribute", out var name))
        {
            var otherwise = arguments.Named.GetValueOrDefault("default");
            return Members(items, name).ConvertAll(item => item is Undefined && otherwise is not null ? otherwise : item);
        }

        var filter = Filters.Find(arguments.Text(0, "filter").Text);
        return items.ConvertAll(item => filter(run, item, arguments.Skip(1)));
    }

    /// <summary>The elements that pass a test (which is first in the arguments), or that are true where none is named.</summary>
    public static List<object?> Select(TemplateRun run, object? value, TemplateText? member, Arguments arguments, bool keeps)
    {
        var test = arguments.Count == 0 ? (item, _) => TemplateValue.IsTrue(item) : Tests.Find(arguments.Text(0, "test").Text);
        var rest = arguments.Skip(1);
        var items = TemplateValue.Elements(value);
        run.Steps(items.Count);
        return items.FindAll(
            item => test(member is null ? item : Member(item, member.Text), rest) == keeps);
    }

    public static List<object?> Unique(TemplateRun run, List<object?> items)
    {
        var unique = new List<object?>();
        foreach (var item in items)
        {
            run.Steps(unique.Count);
            if (!TemplateValue.Contains(unique, item))
                unique.Add(item);
        }

        return unique;
    }

    /// <summary>What lies under a name, or under names with dots between them.</summary>
    private static object? Member(object? item, string path)
    {
        foreach (var name in path.Split('.'))
            item = item is TemplateMap map && map.Entries.TryGetValue(name, out var value) ? value : new Undefined(name);
        return item;
    }
}

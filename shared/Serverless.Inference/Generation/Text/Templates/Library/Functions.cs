using System.Globalization;
using System.Text;
using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Library;

/// <summary>What every template can call.</summary>
internal static class Functions
{
    private const int MaxRange = 100_000;

    // Python's directives, as .NET writes them.
    private static readonly Dictionary<char, string> Dates = new()
    {
        ['a'] = "ddd",
        ['A'] = "dddd",
        ['b'] = "MMM",
        ['B'] = "MMMM",
        ['d'] = "dd",
        ['m'] = "MM",
        ['y'] = "yy",
        ['Y'] = "yyyy",
        ['H'] = "HH",
        ['I'] = "hh",
        ['M'] = "mm",
        ['S'] = "ss",
        ['p'] = "tt",
    };

    public static IReadOnlyDictionary<string, TemplateFunction> All { get; } = new Dictionary<string, TemplateFunction>
    {
        ["raise_exception"] = (_, arguments) => throw new TemplateRefusedException(TemplateValue.ToText(arguments.Get(0, "message")).Text),
        ["strftime_now"] = (run, arguments) => TemplateText.Of(Date(run.Time.GetLocalNow(), arguments.Text(0, "format").Text)),
        ["range"] = Range,
        ["namespace"] = (_, arguments) => Map(arguments, isNamespace: true),
        ["dict"] = (_, arguments) => Map(arguments, isNamespace: false),
    };

    private static List<object?> Range(TemplateRun run, Arguments arguments)
    {
        var first = arguments.Number(0, "start", 0);
        var (start, stop) = arguments.Count == 1 ? (0, first) : (first, arguments.Number(1, "stop", 0));
        var step = arguments.Number(2, "step", 1);
        var count = step == 0 ? -1 : (((long)stop - start) + step - Math.Sign(step)) / step;
        if (count > MaxRange || step == 0)
            throw new TemplateException($"range() gives up to {MaxRange} numbers, in steps other than 0");
        run.Steps((int)Math.Max(count, 0));
        return [.. Enumerable.Range(0, (int)Math.Max(count, 0)).Select(at => (object?)(start + ((long)at * step)))];
    }

    private static TemplateMap Map(Arguments arguments, bool isNamespace)
    {
        var map = new TemplateMap((arguments.Get(0, "") as TemplateMap)?.KeysFromCaller ?? false) { IsNamespace = isNamespace };
        if (arguments.Get(0, "") is TemplateMap other)
        {
            foreach (var (name, value) in other.Entries)
                map.Entries[name] = value;
        }

        foreach (var (name, value) in arguments.Named)
            map.Entries[name] = value;
        return map;
    }

    private static string Date(DateTimeOffset time, string format)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
                text.Append(format[i]);
            else if (++i < format.Length && Dates.TryGetValue(format[i], out var date))
                text.Append(time.ToString(date, CultureInfo.InvariantCulture));
            else
                throw new TemplateException($"the date format '{format}' is not supported");
        }

        return text.ToString();
    }
}

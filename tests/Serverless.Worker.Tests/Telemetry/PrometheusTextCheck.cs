using System.Globalization;
using System.Text.RegularExpressions;

namespace Serverless.Worker.Tests.Telemetry;

/// <summary>Holds a text against the rules of Prometheus' text format 0.0.4, and gives back its samples.</summary>
internal static partial class PrometheusTextCheck
{
    public static Dictionary<string, double> Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var samples = new Dictionary<string, double>();
        var types = new Dictionary<string, string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                Assert.True(types.TryAdd(line.Split(' ')[2], line.Split(' ')[3]), $"Type given twice: {line}");
            if (line.StartsWith('#'))
                continue;
            var sample = Sample().Match(line);
            Assert.True(sample.Success, $"Not a sample: {line}");
            var name = sample.Groups["name"].Value;
            var isTyped = types.ContainsKey(name) || types.GetValueOrDefault(Suffix().Replace(name, "")) == "histogram";
            Assert.True(isTyped, $"No type before: {line}");
            var value = sample.Groups["value"].Value.Replace("Inf", "Infinity", StringComparison.Ordinal).TrimStart('+');
            var isNew = samples.TryAdd(name + sample.Groups["labels"].Value, double.Parse(value, CultureInfo.InvariantCulture));
            Assert.True(isNew, $"Twice: {line}");
        }

        return samples;
    }

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\["\\n])*"(,[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\["\\n])*")*\})? (?<value>[-+]?(Inf|[0-9.]+([eE][-+]?[0-9]+)?)|NaN)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}

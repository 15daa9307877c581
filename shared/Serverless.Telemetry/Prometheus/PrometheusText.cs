using System.Globalization;
using System.Text;

namespace Serverless.Telemetry.Prometheus;

/// <summary>The lexical rules of the text format.</summary>
internal static class PrometheusText
{
    public static string TypeName(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    /// <summary>
    /// OpenMetrics wants every counter's samples to end in <c>_total</c> and its family not to. Names stay what they are in either format, so
    /// a counter of another name is of no known type there.
    /// </summary>
    public static (string Family, string Type) OpenMetricsFamily(string name, MetricKind kind)
    {
        const string Suffix = "_total";
        if (kind != MetricKind.Counter)
            return (name, TypeName(kind));
        return name.EndsWith(Suffix, StringComparison.Ordinal) ? (name[..^Suffix.Length], "counter") : (name, "unknown");
    }

    /// <summary>A metric's name: <c>[a-zA-Z_:][a-zA-Z0-9_:]*</c>.</summary>
    public static string Name(string name) => Clean(name, colon: true);

    public static string Help(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace('"', '\'');

    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>Labels without the braces, sorted by name. <c>le</c> is the histograms' own and a name is taken once.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in tags)
        {
            var name = Clean(key, colon: false);
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;
            labels.TryAdd(name == "le" ? "le_" : name, value is bool ? text.ToLowerInvariant() : text);
        }

        var written = new StringBuilder();
        foreach (var (name, value) in labels)
        {
            if (written.Length > 0)
                written.Append(',');
            written.Append(name).Append("=\"");
            Escape(written, value);
            written.Append('"');
        }

        return written.ToString();
    }

    private static void Escape(StringBuilder target, string value)
    {
        foreach (var character in value)
        {
            _ = character switch
            {
                '\\' => target.Append("\\\\"),
                '"' => target.Append("\\\""),
                '\n' => target.Append("\\n"),
                _ => target.Append(character),
            };
        }
    }

    private static string Clean(string name, bool colon)
    {
        var clean = string.Create(name.Length, (name, colon), static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                var character = source.name[i];
                span[i] = char.IsAsciiLetterOrDigit(character) || (source.colon && character == ':') ? character : '_';
            }
        });
        return clean.Length == 0 || char.IsAsciiDigit(clean[0]) ? "_" + clean : clean;
    }
}

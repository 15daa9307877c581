using System.Globalization;
using System.Text.RegularExpressions;

namespace Serverless.Cli.Top;

/// <summary>What one process exported at one moment, in Prometheus' text format.</summary>
internal sealed partial class Scrape
{
    private readonly Dictionary<string, List<Sample>> _samples = new(StringComparer.Ordinal);

    private Scrape(TimeSpan at) => At = at;

    /// <summary>When, on a clock that is never set.</summary>
    public TimeSpan At { get; }

    /// <summary>When the process started, seconds since the Unix epoch: what two of them have counted cannot be compared.</summary>
    public double Started => Sum("process_start_time_seconds") ?? 0;

    /// <exception cref="FormatException">A line of it is none of a scrape's.</exception>
    public static Scrape Parse(string text, TimeSpan at)
    {
        var scrape = new Scrape(at);
        foreach (var (index, line) in text.Split('\n').Index())
        {
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#'))
                continue;
            if (Line().Match(line) is not { Success: true } match || NumberOf(match.Groups["value"].Value) is not { } value)
                throw new FormatException($"Line {index + 1} of the metrics is not in Prometheus' text format.");
            var series = match.Groups["labels"].Value;
            scrape.Add(match.Groups["name"].Value, new Sample(series, LabelsOf(series), value));
        }

        return scrape;
    }

    /// <summary>The samples of a metric; none when there is no such metric.</summary>
    public IReadOnlyList<Sample> Of(string name) => _samples.GetValueOrDefault(name) ?? [];

    /// <summary>The sum of a metric's samples; null when there is none.</summary>
    public double? Sum(string name, Func<Sample, bool>? where = null)
    {
        var values = Of(name).Where(where ?? (_ => true)).Select(sample => sample.Value).ToList();
        return values.Count == 0 ? null : values.Sum();
    }

    private void Add(string name, Sample sample)
    {
        if (!_samples.TryGetValue(name, out var samples))
            _samples[name] = samples = [];
        samples.Add(sample);
    }

    private static Dictionary<string, string> LabelsOf(string series)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match match in Label().Matches(series))
            labels[match.Groups["name"].Value] = Escape().Replace(match.Groups["value"].Value, escaped => escaped.Value == "\\n" ? "\n" : escaped.Value[1..]);
        return labels;
    }

    private static double? NumberOf(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
    };

    // A time in milliseconds may follow the value.
    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})?[ \t]+(?<value>\S+)(?:[ \t]+-?\d+)?\s*$")]
    private static partial Regex Line();

    [GeneratedRegex(@"(?<name>[a-zA-Z_]\w*)=""(?<value>(?:[^""\\]|\\.)*)""")]
    private static partial Regex Label();

    [GeneratedRegex(@"\\.")]
    private static partial Regex Escape();
}

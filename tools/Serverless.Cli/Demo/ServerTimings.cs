using System.Globalization;

namespace Serverless.Cli.Demo;

/// <summary>Reads <c>Server-Timing</c>.</summary>
internal static class ServerTimings
{
    private const string Duration = "dur=";

    /// <summary>The entries that are durations.</summary>
    public static IEnumerable<(string Name, TimeSpan Duration)> Of(IEnumerable<string> values)
    {
        foreach (var entry in values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries)))
        {
            var parts = entry.Split(';', StringSplitOptions.TrimEntries);
            var duration = parts.Skip(1).FirstOrDefault(part => part.StartsWith(Duration, StringComparison.Ordinal));
            if (double.TryParse(duration?[Duration.Length..], NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds))
                yield return (parts[0], TimeSpan.FromMilliseconds(milliseconds));
        }
    }
}

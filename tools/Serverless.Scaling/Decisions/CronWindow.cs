using System.Text.RegularExpressions;
using Cronos;

namespace Serverless.Scaling;

/// <summary>A pre-warm window on the clock of its time zone: open from its start until before its end.</summary>
internal sealed partial class CronWindow(PreWarmWindow window)
{
    private readonly CronExpression _start = CronExpression.Parse(window.Start);
    private readonly CronExpression _end = CronExpression.Parse(window.End);
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(window.TimeZone);

    public int Replicas => window.Replicas;

    /// <summary>What is wrong with a window, or null.</summary>
    public static string? Fault(PreWarmWindow window)
    {
        foreach (var (name, fields) in new[] { ("start", window.Start), ("end", window.End) })
        {
            if (!FiveFields.IsMatch(fields) || !CronExpression.TryParse(fields, out _))
                return $"has {name} \"{fields}\"; five cron fields are allowed, such as \"0 8 * * MON-FRI\"";
        }

        if (window.Start == window.End)
            return "starts when it ends; two different times are needed";

        return TimeZoneInfo.TryFindSystemTimeZoneById(window.TimeZone, out _)
            ? null
            : $"has timezone \"{window.TimeZone}\"; an IANA name that this machine knows is allowed, such as Europe/Berlin";
    }

    // KEDA's rule: inside of a window its end comes before its next start.
    public bool Contains(DateTimeOffset now) =>
        _end.GetNextOccurrence(now, _zone) is { } end && (_start.GetNextOccurrence(now, _zone) is not { } start || end < start);

    [GeneratedRegex(@"^\S+( \S+){4}\z")]
    private static partial Regex FiveFields { get; }
}

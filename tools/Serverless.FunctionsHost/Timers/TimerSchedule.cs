using System.Globalization;
using NCrontab;
using Serverless.FunctionsHost.Settings;

namespace Serverless.FunctionsHost.Timers;

/// <summary>
/// When a timer fires, in UTC: an NCRONTAB expression of five or six fields (seconds first), or a fixed interval hh:mm:ss.
/// </summary>
internal sealed class TimerSchedule
{
    private readonly CrontabSchedule? _cron;
    private readonly TimeSpan _interval;

    private TimerSchedule(CrontabSchedule? cron, TimeSpan interval) => (_cron, _interval) = (cron, interval);

    public static TimerSchedule Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length == 1 && TimeSpan.TryParse(fields[0], CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero)
            return new TimerSchedule(null, interval);
        var cron = fields.Length is 5 or 6
            ? CrontabSchedule.TryParse(
                string.Join(' ', fields), new CrontabSchedule.ParseOptions { IncludingSeconds = fields.Length == 6 })
            : null;
        return cron is null
            ? throw new HostConfigurationException(
                $"\"{text}\" is no timer schedule: write five or six NCRONTAB fields or an interval hh:mm:ss.")
            : new TimerSchedule(cron, TimeSpan.Zero);
    }

    public DateTimeOffset Next(DateTimeOffset after) =>
        _cron is null ? after + _interval : new DateTimeOffset(_cron.GetNextOccurrence(after.UtcDateTime), TimeSpan.Zero);
}

using System.Globalization;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.SampleFunctions.Timers;

/// <summary>Functions that the clock runs.</summary>
public sealed class TimerFunctions(EventLog events)
{
    /// <summary>Runs for longer than its period, so that an overlap would show.</summary>
    [Function("Tick")]
    public async Task Tick([TimerTrigger("%TickSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        events.Add("tick", "began");
        await Task.Delay(1200, cancellationToken);
        events.Add("tick", "ended");
    }

    [Function("AtStart")]
    public void AtStart([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer) =>
        events.Add("at-start", timer.ScheduleStatus?.Next.Month.ToString(CultureInfo.InvariantCulture) ?? "no status");
}

using Serverless.FunctionsHost.Functions;
using Serverless.FunctionsHost.Settings;

namespace Serverless.FunctionsHost.Timers;

/// <summary>A timer-triggered function.</summary>
internal sealed record TimerTrigger(string Function, TimerSchedule Schedule, bool RunOnStartup)
{
    public static TimerTrigger From(FunctionDefinition function, AppSettings settings)
    {
        var trigger = function.Trigger!;
        var schedule = trigger.Text("schedule")
            ?? throw new HostConfigurationException($"The timer trigger of {function.Name} has no schedule.");
        return new TimerTrigger(function.Name, TimerSchedule.Parse(settings.Substitute(schedule)), trigger.Flag("runOnStartup"));
    }
}

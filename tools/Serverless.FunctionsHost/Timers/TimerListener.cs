using Serverless.FunctionsHost.Functions;

namespace Serverless.FunctionsHost.Timers;

/// <summary>
/// The loop of one timer-triggered function. The next occurrence is taken after the last run has ended, so runs never overlap and
/// missed ones are not made up for.
/// </summary>
internal sealed partial class TimerListener(
    TimerTrigger trigger, FunctionInvoker invoker, TimeProvider time, ILogger<TimerListener> logger)
{
    // Task.Delay takes at most 49 days.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);

    private DateTimeOffset? _last;

    public async Task RunAsync(CancellationToken stopping)
    {
        if (trigger.RunOnStartup) await FireAsync(stopping);
        while (!stopping.IsCancellationRequested)
        {
            var next = trigger.Schedule.Next(time.GetUtcNow());
            if (!await WaitUntilAsync(next, stopping)) return;
            await FireAsync(stopping);
        }
    }

    private async Task<bool> WaitUntilAsync(DateTimeOffset due, CancellationToken stopping)
    {
        for (var left = due - time.GetUtcNow(); left > TimeSpan.Zero; left = due - time.GetUtcNow())
        {
            // A timer may end a little early and would then fire twice for one occurrence: the loop looks at the clock again.
            var delay = left < LongestDelay ? left : LongestDelay;
            await Task.Delay(delay, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested) return false;
        }

        return true;
    }

    private async Task FireAsync(CancellationToken stopping)
    {
        var now = time.GetUtcNow();
        try
        {
            await invoker.InvokeAsync(
                trigger.Function,
                TimerTriggerData.Create(_last, now, trigger.Schedule.Next(now)),
                request => TimerTriggerData.AddMetadata(request, now),
                stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stopped before the run began.
        }
        catch (Exception e)
        {
            LogFailed(trigger.Function, e.Message);
        }

        _last = now;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Timer function {Name} failed: {Reason}")]
    private partial void LogFailed(string name, string reason);
}

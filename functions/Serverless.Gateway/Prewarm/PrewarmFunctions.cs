using Microsoft.Azure.Functions.Worker;

namespace Serverless.Gateway.Prewarm;

/// <summary>Looks ahead once a minute. Where timers do not fire between bursts, the scheduled job's call to maintenance does the same.</summary>
internal sealed class PrewarmFunctions(PredictivePrewarm prewarm)
{
    [Function("prewarm-timer")]
    public Task OnTimerAsync([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        _ = timer;
        return prewarm.RunAsync(cancellationToken);
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Gateway.Http;
using Serverless.Gateway.Prewarm;

namespace Serverless.Gateway.Batches.Maintenance;

/// <summary>
/// Maintenance once a minute. Where nothing runs between bursts a timer does not fire; there a scheduled job calls the endpoint with an
/// operator's key.
/// </summary>
internal sealed class MaintenanceFunctions(GatewayPipeline pipeline, JobMaintenance maintenance, PredictivePrewarm prewarm)
{
    [Function("job-maintenance-timer")]
    public Task OnTimerAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        _ = timer;
        return maintenance.RunAsync(cancellationToken);
    }

    [Function("job-maintenance")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "maintenance")] HttpRequest request) =>
        pipeline.ForOperatorAsync(request.HttpContext, async () =>
        {
            // Before the repairs, which may take longer than the lead that the forecast has.
            await prewarm.RunAsync(request.HttpContext.RequestAborted);
            var report = await maintenance.RunAsync(request.HttpContext.RequestAborted);
            await request.HttpContext.Response.WriteAsJsonAsync(report, request.HttpContext.RequestAborted);
        }, routine: true);
}

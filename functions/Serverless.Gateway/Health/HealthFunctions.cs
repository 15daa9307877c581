using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Gateway.Health;

/// <summary>
/// Anonymous probes, under our own path and under the Open Inference Protocol's. They are answered here and never reach a worker:
/// a probe must not wake a replica that scaled to zero.
/// </summary>
internal sealed class HealthFunctions(ReadinessProbe readiness)
{
    [Function("health-live")]
    public static Task LiveAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/live")] HttpRequest request) =>
        request.HttpContext.Response.WriteAsJsonAsync(new { live = true }, request.HttpContext.RequestAborted);

    [Function("health-ready")]
    public async Task ReadyAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/ready")] HttpRequest request)
    {
        var ready = await readiness.IsReadyAsync(request.HttpContext.RequestAborted);
        request.HttpContext.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await request.HttpContext.Response.WriteAsJsonAsync(new { ready }, request.HttpContext.RequestAborted);
    }

    [Function("open-inference-health-live")]
    public static Task V2LiveAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v2/health/live")] HttpRequest request) =>
        LiveAsync(request);

    [Function("open-inference-health-ready")]
    public Task V2ReadyAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v2/health/ready")] HttpRequest request) =>
        ReadyAsync(request);
}

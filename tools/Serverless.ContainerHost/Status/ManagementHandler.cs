using Serverless.ContainerHost.Telemetry;

namespace Serverless.ContainerHost.Status;

/// <summary>What the management port answers.</summary>
internal sealed class ManagementHandler(HostStatus status, ReplicaMetrics metrics)
{
    public Task HandleAsync(HttpContext context) => ResultOf(context.Request).ExecuteAsync(context);

    private IResult ResultOf(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return Results.StatusCode(StatusCodes.Status405MethodNotAllowed);
        return request.Path.Value switch
        {
            "/" => Results.Text(StatusPage.Of(status.Read()), "text/html; charset=utf-8"),
            "/status" => Results.Json(status.Read()),
            "/metrics" => Results.Text(MetricsText.Of(metrics.All), MetricsText.ContentType),
            "/health" => Results.Text("""{"status":"healthy"}""", "application/json"),
            _ => Results.NotFound(),
        };
    }
}

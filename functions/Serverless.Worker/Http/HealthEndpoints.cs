using Serverless.Worker.Serving;

namespace Serverless.Worker.Http;

/// <summary>
/// Whether the process lives and takes requests. Only models that are to be preloaded count, until they have been tried: the others are
/// loaded by the requests that need them.
/// </summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v2/health/live", static () => Results.Text("""{"live":true}""", "application/json"));
        app.MapGet("/v2/health/ready", static (IHostApplicationLifetime lifetime, ModelPreload preload) =>
            lifetime.ApplicationStopping.IsCancellationRequested || !preload.IsDone
            ? Results.Text("""{"ready":false}""", "application/json", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("""{"ready":true}""", "application/json"));
    }
}

namespace Serverless.Worker.Http;

/// <summary>Whether the process lives and takes requests. Models do not count: they are loaded by the requests that need them.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v2/health/live", static () => Results.Text("""{"live":true}""", "application/json"));
        app.MapGet("/v2/health/ready", static (IHostApplicationLifetime lifetime) => lifetime.ApplicationStopping.IsCancellationRequested
            ? Results.Text("""{"ready":false}""", "application/json", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("""{"ready":true}""", "application/json"));
    }
}

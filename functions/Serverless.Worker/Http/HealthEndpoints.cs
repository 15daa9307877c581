using Serverless.Worker.Serving;

namespace Serverless.Worker.Http;

/// <summary>Whether the process lives and takes requests.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v2/health/live", static () => Results.Text("""{"live":true}""", "application/json"));
        app.MapGet("/v2/health/ready", static (ServerState state) => state.IsReady
            ? Results.Text("""{"ready":true}""", "application/json")
            : Results.Text("""{"ready":false}""", "application/json", statusCode: StatusCodes.Status503ServiceUnavailable));
    }
}

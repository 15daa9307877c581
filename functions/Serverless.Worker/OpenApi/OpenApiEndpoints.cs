using Scalar.AspNetCore;

namespace Serverless.Worker.OpenApi;

/// <summary>
/// The document of the whole public API, and a page to browse it. The document is kept by hand: most of the API is a protocol of others that
/// is read from bytes, which no generator could describe. A test holds it against the routes.
/// </summary>
internal static class OpenApiEndpoints
{
    private const string Path = "/openapi.json";

    public static void MapOpenApiDocument(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, static () => Results.Stream(Open(), "application/json"));
        app.MapScalarApiReference("/scalar", options =>
        {
            options.Title = "Serverless inference";
            options.OpenApiRoutePattern = Path;
            // Nothing on the page comes from another host: fonts would, and so would the assistant and its telemetry.
            options.DefaultFonts = false;
            options.Telemetry = false;
            options.Agent = new ScalarAgentOptions { Disabled = true };
        });
    }

    public static Stream Open() => typeof(OpenApiEndpoints).Assembly.GetManifestResourceStream("openapi.json")
        ?? throw new InvalidOperationException("openapi.json is not in the assembly.");
}

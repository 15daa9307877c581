using Serverless.Contracts.Models;
using Serverless.Inference.Onnx;
using Serverless.Models.Catalog;
using Serverless.Worker.Http;
using Serverless.Worker.Serving;

namespace Serverless.Worker.OpenInference;

/// <summary>The Open Inference Protocol v2 over HTTP.</summary>
internal static class OpenInferenceEndpoints
{
    private const string Model = "/v2/models/{model}";
    private const string Version = Model + "/versions/{version}";

    public static void MapOpenInference(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v2", ServerMetadata.Get);
        foreach (var path in new[] { Model, Version })
        {
            app.MapGet(path, GetModelAsync);
            app.MapGet(path + "/ready", GetReadyAsync);
            app.MapPost(path + "/infer", InferAsync);
        }
    }

    private static Task GetModelAsync(HttpContext context, ModelCalls calls, ModelCatalog catalog, ExecutionProviderChoice provider)
    {
        var reference = Reference(context);
        return calls.ServeAsync(context, reference, async (lease, cancellation) =>
        {
            var versions = await catalog.GetVersionsAsync(reference.Name, cancellation);
            await ModelMetadata.WriteAsync(context, lease, versions, provider, cancellation);
        });
    }

    // Asking loads the model, as inference would: a client that waits for "ready" before its first request must come to an end.
    private static Task GetReadyAsync(HttpContext context, ModelCalls calls) =>
        calls.ServeAsync(context, Reference(context), async (lease, cancellation) =>
        {
            await using var answer = new JsonAnswer(context, cancellation);
            answer.Json.WriteStartObject();
            answer.Json.WriteString("name", lease.Manifest.Name);
            answer.Json.WriteBoolean("ready", true);
            answer.Json.WriteEndObject();
            await answer.CompleteAsync();
        });

    // InferPath takes nearly all of these; what comes here has an unusual path, such as one that ends in a slash.
    private static Task InferAsync(HttpContext context, InferHandler handler) => handler.ServeAsync(context, Reference(context));

    private static ModelReference Reference(HttpContext context) => ModelPath.Reference(
        (string)context.Request.RouteValues["model"]!, (string?)context.Request.RouteValues["version"]);
}

using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Gateway.Async;

namespace Serverless.Gateway.Http;

/// <summary>
/// The two APIs. Every method is declared, because the Functions host answers 404 for one that no function declares, where a 405 is due.
/// </summary>
internal sealed class InferenceFunctions(GatewayPipeline pipeline, AsyncEndpoints later)
{
    /// <summary>Open Inference Protocol v2.</summary>
    [Function("open-inference")]
    public Task OpenInferenceAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "trace", Route = "v2/{*path}")]
        HttpRequest request) => RunAsync(request.HttpContext);

    /// <summary>OpenAI API.</summary>
    [Function("openai")]
    public Task OpenAiAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "trace", Route = "v1/{*path}")]
        HttpRequest request) => RunAsync(request.HttpContext);

    /// <summary>The document of both.</summary>
    [Function("openapi")]
    public Task OpenApiAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "trace", Route = "openapi.json")]
        HttpRequest request) => pipeline.ForwardAsync(request.HttpContext);

    /// <summary>The page to browse it.</summary>
    [Function("openapi-page")]
    public Task OpenApiPageAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "trace", Route = "scalar/{*path}")]
        HttpRequest request) => pipeline.ForwardAsync(request.HttpContext);

    private Task RunAsync(HttpContext context) => AsyncEndpoints.IsPreferred(context.Request)
        ? pipeline.ForCallerAsync(context, caller => later.SubmitAsync(context, caller, context.Request.Path.Value!))
        : pipeline.ForwardAsync(context);
}

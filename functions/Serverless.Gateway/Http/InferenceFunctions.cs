using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Gateway.Http;

/// <summary>
/// The two APIs. Every method is declared, because the Functions host answers 404 for one that no function declares, where a 405 is due.
/// </summary>
internal sealed class InferenceFunctions(GatewayPipeline pipeline)
{
    /// <summary>Open Inference Protocol v2.</summary>
    [Function("open-inference")]
    public Task OpenInferenceAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "trace", Route = "v2/{*path}")]
        HttpRequest request) => pipeline.ForwardAsync(request.HttpContext);

    /// <summary>OpenAI API.</summary>
    [Function("openai")]
    public Task OpenAiAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "trace", Route = "v1/{*path}")]
        HttpRequest request) => pipeline.ForwardAsync(request.HttpContext);
}

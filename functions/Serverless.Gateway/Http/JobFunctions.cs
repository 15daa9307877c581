using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Batches;
using Serverless.Gateway.Files;

namespace Serverless.Gateway.Http;

/// <summary>OpenAI's files and batches, answered here; every method is declared, see <see cref="InferenceFunctions"/>.</summary>
internal sealed class JobFunctions(GatewayPipeline pipeline, FileEndpoints files, BatchEndpoints batches)
{
    [Function("files")]
    public Task FilesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "trace", Route = "v1/files/{*path}")]
        HttpRequest request) =>
        pipeline.ForCallerAsync(request.HttpContext, caller => files.HandleAsync(request.HttpContext, caller, PathOf(request)), Operations.Write);

    [Function("batches")]
    public Task BatchesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "trace", Route = "v1/batches/{*path}")]
        HttpRequest request) =>
        pipeline.ForCallerAsync(request.HttpContext, caller => batches.HandleAsync(request.HttpContext, caller, PathOf(request)), Operations.Write);

    /// <summary>What comes after <c>/v1/files</c>, <c>/v1/batches</c> and the like.</summary>
    public static string[] PathOf(HttpRequest request)
    {
        var segments = (request.Path.Value ?? "").Trim('/').Split('/');
        return segments[2..];
    }
}

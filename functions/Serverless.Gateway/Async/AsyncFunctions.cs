using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Gateway.Http;

namespace Serverless.Gateway.Async;

/// <summary>Every method is declared, see <see cref="InferenceFunctions"/>.</summary>
internal sealed class AsyncFunctions(GatewayPipeline pipeline, AsyncEndpoints endpoints)
{
    [Function("async")]
    public Task AsyncAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "trace", Route = "v1/async/{*path}")]
        HttpRequest request) =>
        pipeline.ForCallerAsync(
            request.HttpContext,
            caller => endpoints.HandleAsync(request.HttpContext, caller, (request.Path.Value ?? "").Trim('/').Split('/')[2..]));
}

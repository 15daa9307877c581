using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Gateway.Http;

namespace Serverless.Gateway.Warming;

/// <summary>For operators' keys. Every method is declared, see <see cref="InferenceFunctions"/>.</summary>
internal sealed class WarmFunctions(GatewayPipeline pipeline, WarmEndpoint endpoint)
{
    [Function("warm")]
    public Task WarmAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "trace", Route = "v1/warm")]
        HttpRequest request) => pipeline.ForOperatorAsync(request.HttpContext, () => endpoint.HandleAsync(request.HttpContext));
}

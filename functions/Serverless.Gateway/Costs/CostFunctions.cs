using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Gateway.Http;

namespace Serverless.Gateway.Costs;

/// <summary>For every key. Every method is declared, see <see cref="InferenceFunctions"/>.</summary>
internal sealed class CostFunctions(GatewayPipeline pipeline, CostEndpoint endpoint)
{
    [Function("costs")]
    public Task CostsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "trace", Route = "v1/costs")]
        HttpRequest request) => pipeline.ForCallerAsync(request.HttpContext, caller => endpoint.HandleAsync(request.HttpContext, caller));
}

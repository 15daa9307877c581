using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Gateway.Http;

namespace Serverless.Gateway.Catalogue;

/// <summary>OpenAI's models, answered here; every method is declared, see <see cref="InferenceFunctions"/>.</summary>
internal sealed class ModelFunctions(GatewayPipeline pipeline, ModelEndpoints models)
{
    [Function("models")]
    public Task ModelsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "trace", Route = "v1/models/{*path}")]
        HttpRequest request) =>
        pipeline.ForCallerAsync(request.HttpContext, caller => models.HandleAsync(request.HttpContext, caller, JobFunctions.PathOf(request)));
}

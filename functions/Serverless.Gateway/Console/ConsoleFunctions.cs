using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Gateway.Http;

namespace Serverless.Gateway.Console;

/// <summary>The web console. Every method is declared, see <see cref="InferenceFunctions"/>.</summary>
internal sealed class ConsoleFunctions(GatewayPipeline pipeline, ConsoleEndpoints endpoints)
{
    [Function("console")]
    public Task ConsoleAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "trace", Route = "console/{*path}")]
        HttpRequest request)
    {
        ConsoleHeaders.Set(request.HttpContext.Response);
        BasicKey.TakeFrom(request);
        return pipeline.ForConsoleAsync(request.HttpContext, caller => endpoints.HandleAsync(request.HttpContext, caller));
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Gateway.Audit;
using Serverless.Gateway.Authentication.Keys;

namespace Serverless.Gateway.Http;

/// <summary>
/// What operators administer, for keys with the operation <c>admin</c>; every method is declared, see <see cref="InferenceFunctions"/>. The
/// Functions host keeps paths that begin with <c>admin</c> for itself; these do not.
/// </summary>
internal sealed class AdminFunctions(GatewayPipeline pipeline, KeyEndpoints keys, AuditEndpoint audit)
{
    [Function("tenant-keys")]
    public Task KeysAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "trace", Route = "v1/admin/keys/{*path}")]
        HttpRequest request) => pipeline.ForOperatorAsync(
            request.HttpContext,
            () => keys.HandleAsync(request.HttpContext, (request.Path.Value ?? "").Trim('/').Split('/')[3..]));

    [Function("audit")]
    public Task AuditAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "trace", Route = "v1/admin/audit")]
        HttpRequest request) => pipeline.ForOperatorAsync(request.HttpContext, () => audit.HandleAsync(request.HttpContext));
}

using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Gateway.Audit;
using Serverless.Gateway.Authentication.Keys;
using Serverless.Gateway.Tenants;

namespace Serverless.Gateway.Http;

/// <summary>
/// What operators administer, for keys with the operation <c>admin</c>; every method is declared, see <see cref="InferenceFunctions"/>. The
/// Functions host keeps paths that begin with <c>admin</c> for itself; these do not.
/// </summary>
internal sealed class AdminFunctions(GatewayPipeline pipeline, KeyEndpoints keys, TenantEndpoints tenants, AuditEndpoint audit)
{
    [Function("tenant-keys")]
    public Task KeysAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "trace", Route = "v1/admin/keys/{*path}")]
        HttpRequest request) => pipeline.ForOperatorAsync(
            request.HttpContext,
            () => keys.HandleAsync(request.HttpContext, PathOf(request)));

    [Function("tenants")]
    public Task TenantsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "trace", Route = "v1/admin/tenants/{*path}")]
        HttpRequest request) => pipeline.ForOperatorAsync(
            request.HttpContext,
            () => tenants.HandleAsync(request.HttpContext, PathOf(request)));

    [Function("audit")]
    public Task AuditAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "trace", Route = "v1/admin/audit")]
        HttpRequest request) => pipeline.ForOperatorAsync(request.HttpContext, () => audit.HandleAsync(request.HttpContext));

    /// <summary>What comes after <c>/v1/admin/keys</c> or <c>/v1/admin/tenants</c>.</summary>
    private static string[] PathOf(HttpRequest request) => (request.Path.Value ?? "").Trim('/').Split('/')[3..];
}

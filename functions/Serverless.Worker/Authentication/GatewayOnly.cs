using Serverless.Contracts.Errors;
using Serverless.Worker.InProcess;

namespace Serverless.Worker.Authentication;

/// <summary>
/// Lets requests with a token of the gateway pass, over HTTP and gRPC, and refuses all others in the same words: what is wrong with a token
/// is nobody's business. Probes are open; what this process asks itself came through a queue that only the gateway sends to.
/// </summary>
internal sealed class GatewayOnly(RequestDelegate next, VerifiedTokens tokens, TenantRequests tenants)
{
    // Not a state machine: most requests are small models'.
    public Task InvokeAsync(HttpContext context)
    {
        if (IsOpen(context.Request.Path.Value) || context.Features.Get<LocalResponse>() is not null)
            return next(context);
        var header = context.Request.Headers.Authorization;
        if (header.Count != 1 || tokens.Find(header[0] ?? "") is not { } claims)
            throw new InferenceException(ErrorKind.Unauthenticated, "The worker takes requests from its gateway alone.");

        context.Features.Set(claims);
        return claims.MaxRequests == 0 ? next(context) : tenants.RunAsync(context, claims, next);
    }

    private static bool IsOpen(string? path) => path is "/v2/health/live" or "/v2/health/ready";
}

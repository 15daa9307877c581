using Serverless.Contracts.Errors;
using Serverless.Contracts.Trust;
using Serverless.Worker.InProcess;

namespace Serverless.Worker.Authentication;

/// <summary>
/// Lets requests with a token of the gateway pass, over HTTP and gRPC, and refuses all others in the same words: what is wrong with a token
/// is nobody's business. Probes are open; what this process asks itself came through a queue that only the gateway sends to.
/// </summary>
internal sealed class GatewayOnly(RequestDelegate next, IGatewayProof proof, TenantRequests tenants)
{
    // Not a state machine, but for a token that is new: most requests are small models'.
    public Task InvokeAsync(HttpContext context)
    {
        if (IsOpen(context.Request.Path.Value) || context.Features.Get<LocalResponse>() is not null)
            return next(context);
        var found = proof.FindAsync(context);
        return found.IsCompletedSuccessfully ? PassAsync(context, found.Result) : VerifyAsync(context, found);
    }

    private async Task VerifyAsync(HttpContext context, ValueTask<GatewayClaims?> found) => await PassAsync(context, await found);

    private Task PassAsync(HttpContext context, GatewayClaims? claims)
    {
        if (claims is null)
            throw new InferenceException(ErrorKind.Unauthenticated, "The worker takes requests from its gateway alone.");
        context.Features.Set(claims);
        return claims.MaxRequests == 0 ? next(context) : tenants.RunAsync(context, claims, next);
    }

    private static bool IsOpen(string? path) => path is "/v2/health/live" or "/v2/health/ready";
}

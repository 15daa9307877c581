using Serverless.Contracts.Errors;
using Serverless.Contracts.Http;

namespace Serverless.Worker.Costs;

/// <summary>Whether a request wants its cost in the answer's <c>usage</c>.</summary>
internal static class AskedCost
{
    /// <summary>The price to reckon with; null where the request does not ask, or there are no prices.</summary>
    /// <exception cref="InferenceException">The header says something else than <c>include</c>.</exception>
    public static ReplicaPrice? Of(HttpContext context)
    {
        string? asked = context.Request.Headers[InferenceHeaders.Cost];
        if (asked is null)
            return null;
        if (!asked.Equals(InferenceHeaders.Include, StringComparison.OrdinalIgnoreCase))
            throw new InferenceException(ErrorKind.InvalidRequest, $"{InferenceHeaders.Cost} must be {InferenceHeaders.Include}.", InferenceHeaders.Cost);
        var price = context.RequestServices.GetRequiredService<ReplicaPrice>();
        return price.IsOn ? price : null;
    }
}

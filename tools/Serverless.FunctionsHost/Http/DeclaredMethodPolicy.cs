using Microsoft.AspNetCore.Routing.Matching;

namespace Serverless.FunctionsHost.Http;

/// <summary>
/// Leaves a function out of the match when it does not declare the request's method. The Functions host answers 404 then, where
/// ASP.NET Core's own method metadata would answer 405.
/// </summary>
internal sealed class DeclaredMethodPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
        endpoints.Any(e => e.Metadata.GetMetadata<HttpFunction>() is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (!candidates.IsValidCandidate(i)) continue;
            var function = candidates[i].Endpoint.Metadata.GetMetadata<HttpFunction>();
            if (function is not null && !function.Accepts(httpContext.Request.Method)) candidates.SetValidity(i, false);
        }

        return Task.CompletedTask;
    }
}

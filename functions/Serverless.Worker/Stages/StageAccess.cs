using Microsoft.Extensions.Options;
using Serverless.Contracts.Http;
using Serverless.Contracts.Trust;
using Serverless.Worker.Configuration;

namespace Serverless.Worker.Stages;

/// <summary>Shows the worker of a stage who asks, and on whose behalf, in the way in which the gateway showed this one.</summary>
internal sealed class StageAccess(IOptions<WorkerOptions> options, TimeProvider time)
{
    // The first key: while one is replaced, the others know the one that was there before.
    private readonly GatewayTokenIssuer? _tokens =
        options.Value.GatewayKeys is [var first, ..] ? new GatewayTokenIssuer(GatewayKey.Parse(first)!, time) : null;

    /// <summary>Marks <paramref name="request"/> as made for <paramref name="tenant"/>; null for the platform itself.</summary>
    public void Authorize(HttpRequestMessage request, string? tenant)
    {
        if (_tokens is not null)
            request.Headers.Authorization = _tokens.HeaderFor(tenant);
        else if (!string.IsNullOrEmpty(tenant))
            request.Headers.TryAddWithoutValidation(InferenceHeaders.Tenant, tenant);
    }
}

using System.Globalization;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Http;
using Serverless.Contracts.Trust;
using Serverless.Gateway.Tenants;

namespace Serverless.Gateway.Forwarding.Access;

/// <summary>
/// Shows the worker who asks: a short-lived token that says on whose behalf, and what the worker must hold the tenant to; or a token of this
/// gateway's identity, beside which headers say that. Without either, as before a worker on loopback, a header alone says on whose behalf.
/// </summary>
internal sealed class WorkerAccess(AppToken identity, LimitBook limits, IOptions<ForwardingOptions> options, TimeProvider time)
{
    private readonly GatewayTokenIssuer? _tokens = options.Value.WorkerKey is { } key ? new GatewayTokenIssuer(GatewayKey.Parse(key)!, time) : null;

    /// <summary>Marks <paramref name="request"/> as the gateway's.</summary>
    /// <param name="request">On its way to the worker.</param>
    /// <param name="tenant">On whose behalf, as <see cref="InferenceHeaders.Tenant"/> writes it; null for the platform itself.</param>
    public async ValueTask AuthorizeAsync(HttpRequestMessage request, string? tenant)
    {
        request.Headers.Remove(InferenceHeaders.Tenant);
        request.Headers.Remove(InferenceHeaders.MaxRequests);
        if (_tokens is not null)
        {
            request.Headers.Authorization = _tokens.HeaderFor(tenant, await MaxRequestsOfAsync(tenant));
            return;
        }

        if (tenant is not null)
            request.Headers.TryAddWithoutValidation(InferenceHeaders.Tenant, tenant);
        if (!identity.IsOn)
            return;
        request.Headers.Authorization = await identity.GetAsync();
        if (await MaxRequestsOfAsync(tenant) is > 0 and var most)
            request.Headers.TryAddWithoutValidation(InferenceHeaders.MaxRequests, most.ToString(CultureInfo.InvariantCulture));
    }

    private async ValueTask<int> MaxRequestsOfAsync(string? tenant) =>
        tenant is null ? 0 : (await limits.OfAsync(Uri.UnescapeDataString(tenant))).ConcurrentRequests;
}

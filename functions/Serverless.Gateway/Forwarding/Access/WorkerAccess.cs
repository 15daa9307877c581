using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
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
    // A token that leaks is soon worthless; half of its life is left to a request that waits on the way.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    // More tenants than that only have their tokens signed anew, which takes microseconds.
    private const int MaxKept = 4096;

    private readonly byte[]? _key = options.Value.WorkerKey is { } key ? GatewayKey.Parse(key) : null;
    private readonly ConcurrentDictionary<string, IssuedToken> _tokens = new(StringComparer.Ordinal);

    /// <summary>Marks <paramref name="request"/> as the gateway's.</summary>
    /// <param name="request">On its way to the worker.</param>
    /// <param name="tenant">On whose behalf, as <see cref="InferenceHeaders.Tenant"/> writes it; null for the platform itself.</param>
    public async ValueTask AuthorizeAsync(HttpRequestMessage request, string? tenant)
    {
        request.Headers.Remove(InferenceHeaders.Tenant);
        request.Headers.Remove(InferenceHeaders.MaxRequests);
        if (_key is not null)
        {
            request.Headers.Authorization = TokenFor(tenant ?? "", await MaxRequestsOfAsync(tenant), _key);
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

    private AuthenticationHeaderValue TokenFor(string tenant, int maxRequests, byte[] key)
    {
        var now = time.GetUtcNow();
        if (_tokens.TryGetValue(tenant, out var issued) && now < issued.RenewAt && issued.MaxRequests == maxRequests)
            return issued.Header;
        var claims = new GatewayClaims(
            GatewayClaims.Worker, now.ToUnixTimeSeconds(), (now + Lifetime).ToUnixTimeSeconds(), tenant.Length > 0 ? tenant : null, maxRequests);
        issued = new IssuedToken(new AuthenticationHeaderValue("Bearer", GatewayToken.Write(claims, key)), now + (Lifetime / 2), maxRequests);
        if (_tokens.Count >= MaxKept)
            _tokens.Clear();
        _tokens[tenant] = issued;
        return issued.Header;
    }

    private readonly record struct IssuedToken(AuthenticationHeaderValue Header, DateTimeOffset RenewAt, int MaxRequests);
}

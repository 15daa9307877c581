using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Http;
using Serverless.Contracts.Trust;
using Serverless.Worker.Configuration;

namespace Serverless.Worker.Stages;

/// <summary>Shows the worker of a stage who asks, and on whose behalf, in the way in which the gateway showed this one.</summary>
internal sealed class StageAccess(IOptions<WorkerOptions> options, TimeProvider time)
{
    // As long as the gateway's: half of its life is left to a request that waits on the way.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    // As many as a worker keeps of those that it verified.
    private const int MaxKept = 4096;

    // While a key is replaced the others know the one that was there before.
    private readonly byte[]? _key = options.Value.GatewayKeys is [var first, ..] ? GatewayKey.Parse(first) : null;
    private readonly ConcurrentDictionary<string, IssuedToken> _tokens = new(StringComparer.Ordinal);

    /// <summary>Marks <paramref name="request"/> as made for <paramref name="tenant"/>; null for the platform itself.</summary>
    public void Authorize(HttpRequestMessage request, string? tenant)
    {
        if (_key is not null)
            request.Headers.Authorization = TokenFor(tenant ?? "", _key);
        else if (!string.IsNullOrEmpty(tenant))
            request.Headers.TryAddWithoutValidation(InferenceHeaders.Tenant, tenant);
    }

    private AuthenticationHeaderValue TokenFor(string tenant, byte[] key)
    {
        var now = time.GetUtcNow();
        if (_tokens.TryGetValue(tenant, out var issued) && now < issued.RenewAt)
            return issued.Header;
        var claims = new GatewayClaims(
            GatewayClaims.Worker, now.ToUnixTimeSeconds(), (now + Lifetime).ToUnixTimeSeconds(), tenant.Length > 0 ? tenant : null);
        issued = new IssuedToken(new AuthenticationHeaderValue("Bearer", GatewayToken.Write(claims, key)), now + (Lifetime / 2));
        if (_tokens.Count >= MaxKept)
            _tokens.Clear();
        _tokens[tenant] = issued;
        return issued.Header;
    }

    private readonly record struct IssuedToken(AuthenticationHeaderValue Header, DateTimeOffset RenewAt);
}

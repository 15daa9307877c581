using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace Serverless.Contracts.Trust;

/// <summary>Signs tokens for a worker, and gives the same one out until half of its life is over.</summary>
/// <param name="key">Shared with the worker.</param>
/// <param name="time">The time.</param>
public sealed class GatewayTokenIssuer(byte[] key, TimeProvider time)
{
    // A token that leaks is soon worthless; half of its life is left to a request that waits on the way.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    // More tenants than that only have their tokens signed anew, which takes microseconds.
    private const int MaxKept = 4096;

    private readonly ConcurrentDictionary<string, IssuedToken> _tokens = new(StringComparer.Ordinal);

    /// <summary>What a request's header <c>Authorization</c> is to say.</summary>
    /// <param name="tenant">On whose behalf; null or empty for the platform itself.</param>
    /// <param name="maxRequests">See <see cref="GatewayClaims.MaxRequests"/>.</param>
    public AuthenticationHeaderValue HeaderFor(string? tenant, int maxRequests = 0)
    {
        var (subject, now) = (tenant ?? "", time.GetUtcNow());
        if (_tokens.TryGetValue(subject, out var issued) && now < issued.RenewAt && issued.MaxRequests == maxRequests)
            return issued.Header;
        var claims = new GatewayClaims(
            GatewayClaims.Worker, now.ToUnixTimeSeconds(), (now + Lifetime).ToUnixTimeSeconds(), subject.Length > 0 ? subject : null, maxRequests);
        issued = new IssuedToken(new AuthenticationHeaderValue("Bearer", GatewayToken.Write(claims, key)), now + (Lifetime / 2), maxRequests);
        if (_tokens.Count >= MaxKept)
            _tokens.Clear();
        _tokens[subject] = issued;
        return issued.Header;
    }

    private readonly record struct IssuedToken(AuthenticationHeaderValue Header, DateTimeOffset RenewAt, int MaxRequests);
}

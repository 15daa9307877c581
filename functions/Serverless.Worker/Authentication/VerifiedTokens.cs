using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Trust;
using Serverless.Worker.Configuration;

namespace Serverless.Worker.Authentication;

/// <summary>
/// Tells the gateway's tokens from others. The gateway sends the same one for minutes: what was verified is looked up, and only that is kept,
/// so that strangers cannot fill the memory.
/// </summary>
internal sealed class VerifiedTokens(IOptions<WorkerOptions> options, TimeProvider time) : IGatewayProof
{
    // A token for each tenant of each gateway, with room; 0.5 KiB each.
    private const int MaxKept = 4096;

    // The gateway's are under 400.
    private const int LongestHeader = 2048;

    private const string Scheme = "Bearer ";

    private readonly byte[][] _keys = [.. (options.Value.GatewayKeys ?? []).Select(key => GatewayKey.Parse(key)!)];
    private readonly ConcurrentDictionary<string, GatewayClaims> _verified = new(StringComparer.Ordinal);

    public ValueTask<GatewayClaims?> FindAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        return new(header.Count == 1 ? Find(header[0] ?? "") : null);
    }

    /// <summary>What a header <c>Authorization</c> says; null when the gateway does not, or no longer, vouch for it.</summary>
    public GatewayClaims? Find(string header)
    {
        var now = time.GetUtcNow();
        // By the whole header: cutting the token out would cost each request a string.
        if (!_verified.TryGetValue(header, out var claims))
            return Verify(header, now);
        if (claims.HoldsAt(now))
            return claims;
        _verified.TryRemove(header, out _);
        return null;
    }

    private GatewayClaims? Verify(string header, DateTimeOffset now)
    {
        if (header.Length > LongestHeader || !header.StartsWith(Scheme, StringComparison.Ordinal)
            || GatewayToken.Read(header[Scheme.Length..], _keys) is not { } claims || !claims.HoldsAt(now))
        {
            return null;
        }

        // Expired ones are most of them by then.
        if (_verified.Count >= MaxKept)
            _verified.Clear();
        _verified.TryAdd(header, claims);
        return claims;
    }
}

using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Serverless.FunctionsHost.Settings;

namespace Serverless.FunctionsHost.Http;

/// <summary>
/// Function keys, from <c>x-functions-key</c> or <c>?code=</c>. Keys are compared as SHA-256 digests in constant time, so neither
/// their content nor their length shows in the time it takes.
/// </summary>
internal sealed class KeyAuthorizer
{
    private readonly bool _off;
    private readonly byte[][] _master;
    private readonly byte[][] _host;
    private readonly Dictionary<string, byte[][]> _functions;

    public KeyAuthorizer(IOptions<FunctionsHostOptions> options)
    {
        var keys = options.Value.Keys;
        _off = keys.None;
        _master = string.IsNullOrEmpty(keys.Master) ? [] : [Digest(keys.Master)];
        _host = [.. keys.Host.Values.Select(Digest)];
        _functions = keys.Functions.ToDictionary(
            f => f.Key, f => f.Value.Values.Select(Digest).ToArray(), StringComparer.OrdinalIgnoreCase);
    }

    public bool Allows(HttpFunction function, HttpRequest request)
    {
        if (_off || function.Level == AuthorizationLevel.Anonymous) return true;
        var given = request.Headers.TryGetValue("x-functions-key", out var header) ? header : request.Query["code"];
        if (given.Count != 1 || string.IsNullOrEmpty(given[0])) return false;
        var digest = Digest(given[0]!);
        var allowed = Matches(_master, digest);
        if (function.Level == AuthorizationLevel.Admin) return allowed;
        return allowed | Matches(_host, digest) | (_functions.TryGetValue(function.Name, out var own) && Matches(own, digest));
    }

    private static bool Matches(byte[][] keys, byte[] given)
    {
        var match = false;
        foreach (var key in keys) match |= CryptographicOperations.FixedTimeEquals(key, given);
        return match;
    }

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

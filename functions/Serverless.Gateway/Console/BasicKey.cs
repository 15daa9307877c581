using System.Text;
using Microsoft.AspNetCore.Http;

namespace Serverless.Gateway.Console;

/// <summary>
/// The key as a browser sends it: the password of <c>Authorization: Basic</c> (RFC 7617), the one scheme that browsers ask people for. Only
/// the console takes it: a browser sends what it was told to any page that asks, so the API must not.
/// </summary>
internal static class BasicKey
{
    public const string Challenge = "Basic realm=\"inference console\", charset=\"UTF-8\"";

    private const string Scheme = "Basic ";

    // Far above any name and key, and cheap to decode.
    private const int LongestCredentials = 2048;

    /// <summary>Puts the key, where there is one, in the form that the rest of the gateway knows.</summary>
    public static void TakeFrom(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && KeyIn(authorization[Scheme.Length..]) is { } key)
            request.Headers.Authorization = $"Bearer {key}";
    }

    private static string? KeyIn(string credentials)
    {
        if (credentials.Length > LongestCredentials)
            return null;
        Span<byte> pair = stackalloc byte[LongestCredentials];
        if (!Convert.TryFromBase64String(credentials, pair, out var length))
            return null;
        pair = pair[..length];
        var colon = pair.IndexOf((byte)':');
        return colon < 0 ? null : Encoding.UTF8.GetString(pair[(colon + 1)..]);
    }
}

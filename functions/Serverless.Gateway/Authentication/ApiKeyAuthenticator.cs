using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;

namespace Serverless.Gateway.Authentication;

/// <summary>Finds out who calls: <c>Authorization: Bearer KEY</c> (OpenAI) or <c>api-key: KEY</c> (Azure OpenAI).</summary>
internal sealed class ApiKeyAuthenticator(IOptions<ApiKeyOptions> options)
{
    public const string ApiKeyHeader = "api-key";

    private const string Scheme = "Bearer ";

    // Far above any key that is handed out; keeps the hashing of a stranger's header cheap.
    private const int LongestKey = 512;

    private readonly (byte[] Hash, Caller Caller)[] _keys =
    [
        .. options.Value.ApiKeys.Select(key => (Convert.FromHexString(key.Sha256), new Caller(key.Name, key.Operator, key.Weight))),
    ];

    /// <summary>The caller that the request's key belongs to.</summary>
    /// <exception cref="InferenceException"><see cref="ErrorKind.Unauthenticated"/>.</exception>
    public Caller Authenticate(HttpRequest request)
    {
        var key = KeyOf(request) ?? throw new InferenceException(
            ErrorKind.Unauthenticated,
            "No API key was given: send it as 'Authorization: Bearer KEY' or 'api-key: KEY'.");
        return Find(key) ?? throw new InferenceException(ErrorKind.Unauthenticated, "The API key is not valid.");
    }

    /// <summary>The key that was sent, whether or not it is valid; null when none was.</summary>
    public static string? KeyOf(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return authorization[Scheme.Length..].Trim();
        var key = request.Headers[ApiKeyHeader].ToString();
        return key.Length == 0 ? null : key;
    }

    private Caller? Find(string key)
    {
        if (key.Length is 0 or > LongestKey)
            return null;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);

        // Every key is compared, and each in constant time: how long it takes says nothing about which one came close.
        Caller? found = null;
        foreach (var (known, caller) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash))
                found = caller;
        }

        return found;
    }
}

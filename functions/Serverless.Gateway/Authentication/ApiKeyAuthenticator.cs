using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Authentication.Entra;
using Serverless.Gateway.Authentication.Keys;

namespace Serverless.Gateway.Authentication;

/// <summary>
/// Finds out who calls: <c>Authorization: Bearer KEY</c> (OpenAI), <c>api-key: KEY</c> (Azure OpenAI), or a token of Entra ID in place of the
/// bearer's key.
/// </summary>
internal sealed class ApiKeyAuthenticator(IOptions<ApiKeyOptions> options, KeyRing keys, EntraTokens tokens)
{
    public const string ApiKeyHeader = "api-key";

    private const string Scheme = "Bearer ";

    private readonly (KeyHash Hash, Caller Caller)[] _keys = [.. options.Value.ApiKeys.Select(key => (KeyHash.Parse(key.Sha256), CallerOf(key)))];

    /// <summary>The caller that the request's key or token belongs to.</summary>
    /// <exception cref="InferenceException"><see cref="ErrorKind.Unauthenticated"/>.</exception>
    public async ValueTask<Caller> AuthenticateAsync(HttpRequest request)
    {
        var key = KeyOf(request) ?? throw new InferenceException(
            ErrorKind.Unauthenticated,
            "No API key was given: send it as 'Authorization: Bearer KEY' or 'api-key: KEY'.");
        if (tokens.Takes(key))
            return await tokens.ValidateAsync(key);
        return await FindAsync(key) ?? throw new InferenceException(ErrorKind.Unauthenticated, "The API key is not valid.");
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

    private ValueTask<Caller?> FindAsync(string key)
    {
        if (key.Length is 0 or > KeyHash.LongestKey)
            return default;
        var hash = KeyHash.Of(key);

        // Every key is compared, and each in constant time: how long it takes says nothing about which one came close.
        Caller? found = null;
        foreach (var (known, caller) in _keys)
        {
            if (known.Matches(hash))
                found = caller;
        }

        return found is null && KeyText.Is(key) ? keys.FindAsync(hash) : new(found);
    }

    private static Caller CallerOf(ApiKey key) => new(key.Name, key.Operator ? Operations.All : Operations.Data, key.Weight);
}

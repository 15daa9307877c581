using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Serverless.Contracts.Errors;

namespace Serverless.Trust;

/// <summary>
/// Tells tokens of an issuer such as Entra ID from others. The issuer's keys are kept for a day; a token that names another one has them read
/// anew, at most once a minute.
/// </summary>
public sealed class EntraTokenValidator : IDisposable
{
    /// <summary>How far two machines' clocks may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan KeyLifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan KeyPause = TimeSpan.FromMinutes(1);

    // The signatures of the issuer's private keys: with a symmetric one its public key would be the secret.
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Snapshot<OpenIdConnectConfiguration> _issuer;
    private readonly Uri _authority;
    private readonly string _audience;
    private readonly TimeProvider _time;

    /// <param name="authority">Who issues the tokens.</param>
    /// <param name="audience">Whom they must be for.</param>
    /// <param name="time">The time.</param>
    public EntraTokenValidator(Uri authority, string audience, TimeProvider time)
    {
        (_authority, _audience, _time) = (authority, audience, time);
        _issuer = new(ReadAsync, KeyLifetime, KeyPause, time);
    }

    /// <summary>Whether <paramref name="authority"/> can be asked for keys that can be relied on: over https, or on this machine.</summary>
    public static bool IsSafe(Uri authority) =>
        authority.IsAbsoluteUri && (authority.Scheme == Uri.UriSchemeHttps || authority.IsLoopback);

    /// <summary>Begins to read the issuer's keys, so that the first token does not wait for them; a failure is seen then.</summary>
    public void ReadKeysAhead() => _ = _issuer.GetAsync().AsTask();

    /// <summary>The claims of a token that holds now.</summary>
    /// <exception cref="InferenceException">
    /// <see cref="ErrorKind.Unauthenticated"/>: it does not. <see cref="ErrorKind.ModelUnavailable"/>: the issuer's keys cannot be read.
    /// </exception>
    public async ValueTask<JsonWebToken> ValidateAsync(string token)
    {
        var result = await ValidateAsync(token, await _issuer.GetAsync());
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
            result = await ValidateAsync(token, await _issuer.GetNewerAsync());
        return result.IsValid
            ? (JsonWebToken)result.SecurityToken
            : throw new InferenceException(ErrorKind.Unauthenticated, $"The token is not valid: {ReasonOf(result.Exception)}.");
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<OpenIdConnectConfiguration> ReadAsync(CancellationToken cancellationToken)
    {
        var address = _authority.ToString().TrimEnd('/') + "/.well-known/openid-configuration";
        var documents = new HttpDocumentRetriever(_http) { RequireHttps = !_authority.IsLoopback };
        try
        {
            return await OpenIdConnectConfigurationRetriever.GetAsync(address, documents, cancellationToken);
        }
        catch (IOException exception)
        {
            // What the retriever throws for whatever its request fails with.
            throw new InferenceException(
                ErrorKind.ModelUnavailable, "Tokens cannot be checked at the moment; send the request again.", inner: exception);
        }
    }

    private Task<TokenValidationResult> ValidateAsync(string token, OpenIdConnectConfiguration issuer) => _handler.ValidateTokenAsync(
        token,
        new TokenValidationParameters
        {
            ValidIssuer = issuer.Issuer,
            ValidAudience = _audience,
            IssuerSigningKeys = issuer.SigningKeys,
            TryAllIssuerSigningKeys = false,
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            LifetimeValidator = IsInTime,
        });

    private bool IsInTime(DateTime? from, DateTime? until, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        if (from > now + ClockSkew)
            throw new SecurityTokenNotYetValidException();
        return until > now - ClockSkew ? true : throw new SecurityTokenExpiredException();
    }

    private static string ReasonOf(Exception? exception) => exception switch
    {
        SecurityTokenExpiredException => "it has expired",
        SecurityTokenNotYetValidException => "its time has not begun",
        SecurityTokenInvalidAudienceException => "it is for another audience",
        SecurityTokenInvalidIssuerException => "it is of another issuer",
        _ => "its signature does not verify",
    };
}

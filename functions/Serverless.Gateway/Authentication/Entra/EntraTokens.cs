using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Caching;

namespace Serverless.Gateway.Authentication.Entra;

/// <summary>
/// Callers with a token of Entra ID. The issuer's keys are kept for a day; a token that names another one has them read anew, at most once a
/// minute.
/// </summary>
internal sealed class EntraTokens : IDisposable
{
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan KeyPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    // The signatures of the issuer's private keys: with a symmetric one its public key would be the secret.
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private static readonly (string Role, Operations Allowed)[] Roles =
        [("Inference.Reader", Operations.Read), ("Inference.User", Operations.Data), ("Inference.Admin", Operations.All)];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Snapshot<OpenIdConnectConfiguration> _issuer;
    private readonly EntraOptions _options;
    private readonly TimeProvider _time;

    public EntraTokens(IOptions<EntraOptions> options, TimeProvider time)
    {
        (_options, _time) = (options.Value, time);
        _issuer = new(ReadAsync, KeyLifetime, KeyPause, time);
    }

    /// <summary>Whether a bearer's key is one of these tokens; never as long as no issuer is configured.</summary>
    public bool Takes(string key) => _options.Authority is not null && key.StartsWith("eyJ", StringComparison.Ordinal) && key.Count(letter => letter == '.') == 2;

    /// <exception cref="InferenceException">The token is not valid, or gives no role.</exception>
    public async ValueTask<Caller> ValidateAsync(string token)
    {
        var result = await ValidateAsync(token, await _issuer.GetAsync());
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
            result = await ValidateAsync(token, await _issuer.GetNewerAsync());
        if (!result.IsValid)
            throw new InferenceException(ErrorKind.Unauthenticated, $"The token is not valid: {ReasonOf(result.Exception)}.");
        return CallerOf((JsonWebToken)result.SecurityToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<OpenIdConnectConfiguration> ReadAsync(CancellationToken cancellationToken)
    {
        var address = _options.Authority!.ToString().TrimEnd('/') + "/.well-known/openid-configuration";
        var documents = new HttpDocumentRetriever(_http) { RequireHttps = !_options.Authority.IsLoopback };
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
            ValidAudience = _options.Audience,
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

    private Caller CallerOf(JsonWebToken token)
    {
        if (!token.TryGetPayloadValue<string>(_options.TenantClaim, out var tenant) || string.IsNullOrWhiteSpace(tenant))
            throw new InferenceException(ErrorKind.Unauthenticated, $"The token has no claim '{_options.TenantClaim}', which names the tenant.");
        var held = token.Claims.Where(claim => claim.Type == "roles").Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal);
        var allowed = Roles.Where(pair => held.Contains(pair.Role)).Aggregate(Operations.None, (all, pair) => all | pair.Allowed);
        if (allowed == Operations.None)
        {
            throw new InferenceException(
                ErrorKind.Forbidden, $"The token has none of the roles {string.Join(", ", Roles.Select(pair => pair.Role))}.");
        }

        // Apart from the tenants of keys, whose names an operator chooses.
        return new Caller("entra:" + tenant, allowed) { Credential = "entra" };
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

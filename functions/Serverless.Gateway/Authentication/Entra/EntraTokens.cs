using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Serverless.Contracts.Errors;
using Serverless.Trust;

namespace Serverless.Gateway.Authentication.Entra;

/// <summary>Callers with a token of Entra ID.</summary>
internal sealed class EntraTokens : IDisposable
{
    private static readonly (string Role, Operations Allowed)[] Roles =
        [("Inference.Reader", Operations.Read), ("Inference.User", Operations.Data), ("Inference.Admin", Operations.All)];

    private readonly EntraTokenValidator? _validator;
    private readonly string _tenantClaim;

    public EntraTokens(IOptions<EntraOptions> options, TimeProvider time)
    {
        _tenantClaim = options.Value.TenantClaim;
        if (options.Value is { Authority: { } authority, Audience: { } audience })
            _validator = new(authority, audience, time);
    }

    /// <summary>Whether a bearer's key is one of these tokens; never as long as no issuer is configured.</summary>
    public bool Takes(string key) => _validator is not null && key.StartsWith("eyJ", StringComparison.Ordinal) && key.Count(letter => letter == '.') == 2;

    /// <exception cref="InferenceException">The token is not valid, or gives no role.</exception>
    public async ValueTask<Caller> ValidateAsync(string token) => CallerOf(await _validator!.ValidateAsync(token));

    public void Dispose() => _validator?.Dispose();

    private Caller CallerOf(JsonWebToken token)
    {
        if (!token.TryGetPayloadValue<string>(_tenantClaim, out var tenant) || string.IsNullOrWhiteSpace(tenant))
            throw new InferenceException(ErrorKind.Unauthenticated, $"The token has no claim '{_tenantClaim}', which names the tenant.");
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
}

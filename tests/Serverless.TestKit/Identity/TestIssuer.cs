using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Serverless.TestKit.Identity;

/// <summary>An issuer on this machine that serves its documents as Entra ID does.</summary>
public sealed class TestIssuer : IAsyncDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly WebApplication _app;

    private TestIssuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet(
            "/.well-known/openid-configuration",
            () => Results.Text($$"""{"issuer":"{{Url}}","jwks_uri":"{{Url}}/keys"}""", "application/json"));
        _app.MapGet("/keys", () => Results.Text(Keys(), "application/json"));
    }

    /// <summary>Where it is, and what it calls itself.</summary>
    public string Url => _app.Urls.First();

    public static async Task<TestIssuer> StartAsync()
    {
        var issuer = new TestIssuer();
        await issuer._app.StartAsync();
        return issuer;
    }

    /// <summary>A token of <paramref name="holder"/>.</summary>
    /// <param name="holder">Its claim <c>oid</c>.</param>
    /// <param name="audience">Whom it is for.</param>
    /// <param name="expires">Until when it holds; its life began an hour before.</param>
    /// <param name="forged">Whether another key than the issuer's signs it.</param>
    public string Issue(string holder, string audience, DateTimeOffset expires, bool forged = false)
    {
        using var other = RSA.Create(2048);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Url,
            Audience = audience,
            NotBefore = expires.UtcDateTime.AddHours(-1),
            Expires = expires.UtcDateTime,
            Claims = new Dictionary<string, object> { ["oid"] = holder },
            SigningCredentials = new SigningCredentials(
                new RsaSecurityKey(forged ? other : _rsa) { KeyId = "key", CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } },
                SecurityAlgorithms.RsaSha256),
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rsa.Dispose();
    }

    private string Keys()
    {
        var key = _rsa.ExportParameters(false);
        return $$"""{"keys":[{"kty":"RSA","use":"sig","kid":"key","n":"{{Base64UrlEncoder.Encode(key.Modulus)}}","e":"{{Base64UrlEncoder.Encode(key.Exponent)}}"}]}""";
    }
}

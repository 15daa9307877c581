using System.Collections.Concurrent;
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
    /// <summary>Id of the key that it signs with.</summary>
    public const string KeyId = "first";

    private readonly ConcurrentDictionary<string, RSA> _published = new();
    private readonly WebApplication _app;
    private int _reads;

    private TestIssuer()
    {
        Publish(KeyId, Rsa);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () =>
        {
            Interlocked.Increment(ref _reads);
            return Results.Text($$"""{"issuer":"{{Url}}","jwks_uri":"{{Url}}/keys"}""", "application/json");
        });
        _app.MapGet("/keys", () => Results.Text($$"""{"keys":[{{string.Join(',', _published.Select(Jwk))}}]}""", "application/json"));
    }

    /// <summary>Where it is, and what it calls itself.</summary>
    public string Url => _app.Urls.First();

    /// <summary>The key that it signs with.</summary>
    public RSA Rsa { get; } = RSA.Create(2048);

    /// <summary>How often its documents were read.</summary>
    public int Reads => Volatile.Read(ref _reads);

    public static async Task<TestIssuer> StartAsync()
    {
        var issuer = new TestIssuer();
        await issuer._app.StartAsync();
        return issuer;
    }

    /// <summary>What signs with a key under an id, whether or not that is one of the issuer's.</summary>
    public static SigningCredentials Rs256(RSA key, string id) => new(new RsaSecurityKey(key) { KeyId = id }, SecurityAlgorithms.RsaSha256);

    /// <summary>Has it serve one more key.</summary>
    public void Publish(string id, RSA key) => _published[id] = key;

    /// <summary>A token with <paramref name="claims"/>.</summary>
    public string Issue(
        Dictionary<string, object> claims, string audience, DateTime from, DateTime until, string? issuer = null, SigningCredentials? signing = null) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Url,
            Audience = audience,
            NotBefore = from,
            Expires = until,
            Claims = claims,
            SigningCredentials = signing ?? Rs256(Rsa, KeyId),
        });

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Rsa.Dispose();
    }

    private static string Jwk(KeyValuePair<string, RSA> key)
    {
        var parameters = key.Value.ExportParameters(false);
        return $$"""{"kty":"RSA","use":"sig","kid":"{{key.Key}}","n":"{{Base64UrlEncoder.Encode(parameters.Modulus)}}","e":"{{Base64UrlEncoder.Encode(parameters.Exponent)}}"}""";
    }
}

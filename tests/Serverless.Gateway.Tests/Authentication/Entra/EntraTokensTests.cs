using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Authentication.Entra;
using Serverless.TestKit.Identity;

namespace Serverless.Gateway.Tests.Authentication.Entra;

/// <summary>Tokens of an issuer on this machine that serves its documents as Entra ID does.</summary>
public sealed class EntraTokensTests : IAsyncLifetime
{
    private const string Audience = "api://inference";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private TestIssuer _issuer = null!;

    public async ValueTask InitializeAsync() => _issuer = await TestIssuer.StartAsync();

    public ValueTask DisposeAsync() => _issuer.DisposeAsync();

    [Theory]
    [InlineData("Inference.Reader", (int)Operations.Read)]
    [InlineData("Inference.User", (int)Operations.Data)]
    [InlineData("Inference.Admin", (int)Operations.All)]
    public async Task Validate_Role_GivesItsOperations(string role, int allowed)
    {
        using var tokens = Create();

        var caller = await tokens.ValidateAsync(Token(role: role));

        Assert.Equal("entra:object", caller.Name);
        Assert.Equal((Operations)allowed, caller.Allowed);
    }

    [Theory]
    [InlineData("audience", "another audience")]
    [InlineData("issuer", "another issuer")]
    [InlineData("expired", "expired")]
    [InlineData("early", "not begun")]
    [InlineData("unsigned", "signature")]
    [InlineData("symmetric", "signature")]
    [InlineData("forged", "signature")]
    public async Task Validate_WrongToken_IsUnauthenticated(string what, string reason)
    {
        using var tokens = Create();
        using var foreign = RSA.Create(2048);
        var token = what switch
        {
            "audience" => Token(audience: "api://other"),
            "issuer" => Token(issuer: "https://elsewhere.example"),
            "expired" => Token(from: -120, until: -61),
            "early" => Token(from: 120, until: 240),
            "unsigned" => Unsigned(Token()),
            "symmetric" => Token(signing: new SigningCredentials(
                new SymmetricSecurityKey(_issuer.Rsa.ExportSubjectPublicKeyInfo()) { KeyId = TestIssuer.KeyId }, SecurityAlgorithms.HmacSha256)),
            _ => Token(signing: TestIssuer.Rs256(foreign, TestIssuer.KeyId)),
        };

        var error = (await Assert.ThrowsAsync<InferenceException>(async () => await tokens.ValidateAsync(token))).Error;

        Assert.Equal(ErrorKind.Unauthenticated, error.Kind);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_NoRole_IsForbidden()
    {
        using var tokens = Create();

        var error = (await Assert.ThrowsAsync<InferenceException>(async () => await tokens.ValidateAsync(Token(role: "Other")))).Error;

        Assert.Equal(ErrorKind.Forbidden, error.Kind);
    }

    [Fact]
    public async Task Validate_UnknownKeys_ReadTheIssuersAnewButOnceAMinute()
    {
        using var tokens = Create();
        using var second = RSA.Create(2048);
        await tokens.ValidateAsync(Token());
        for (var i = 0; i < 50; i++)
            await Assert.ThrowsAsync<InferenceException>(async () => await tokens.ValidateAsync(Token(signing: TestIssuer.Rs256(second, $"guess-{i}"))));
        Assert.Equal(1, _issuer.Reads);

        _issuer.Publish("second", second);
        _time.Advance(TimeSpan.FromSeconds(61));
        await tokens.ValidateAsync(Token(signing: TestIssuer.Rs256(second, "second")));

        Assert.Equal(2, _issuer.Reads);
    }

    [Fact]
    public void Takes_WithoutAnAuthority_IsOff()
    {
        using var tokens = new EntraTokens(Options.Create(new EntraOptions()), _time);

        Assert.False(tokens.Takes("eyJ.e30.x"));
    }

    [Fact]
    public async Task Validate_IssuerIsGone_AsksToTryAgain()
    {
        using var tokens = Create();
        var token = Token(role: "Inference.User");
        await _issuer.DisposeAsync();

        var error = await Assert.ThrowsAsync<InferenceException>(async () => await tokens.ValidateAsync(token));

        Assert.Equal(503, error.Error.Status);
    }

    private EntraTokens Create() => new(Options.Create(new EntraOptions { Authority = new Uri(_issuer.Url), Audience = Audience }), _time);

    private string Token(
        string role = "Inference.User", string audience = Audience, string? issuer = null, int from = -60, int until = 600,
        SigningCredentials? signing = null)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return _issuer.Issue(
            new() { ["oid"] = "object", ["roles"] = new[] { role } }, audience, now.AddSeconds(from), now.AddSeconds(until), issuer, signing);
    }

    private static string Unsigned(string token) => $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{token.Split('.')[1]}.";
}

using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Forwarding.Access;

namespace Serverless.Gateway.Tests.Forwarding.Access;

public sealed class AppTokenTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CountedCredential _credential = new();

    [Fact]
    public async Task Get_AgainAndAgain_AsksTheCredentialOnlyNowAndThen()
    {
        var token = Create();

        for (var i = 0; i < 100; i++)
            Assert.Equal("Bearer token-1", (await token.GetAsync()).ToString());

        Assert.Equal(["api://worker/.default"], _credential.Scopes);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("Bearer token-2", (await token.GetAsync()).ToString());
    }

    [Fact]
    public async Task Get_CredentialThatFails_AsksToTryAgainAndIsAskedAgain()
    {
        var token = Create();
        _credential.Fails = true;

        var error = (await Assert.ThrowsAsync<InferenceException>(async () => await token.GetAsync())).Error;
        _credential.Fails = false;

        Assert.Equal((ErrorKind.WorkerUnreachable, TimeSpan.FromSeconds(1)), (error.Kind, error.RetryAfter));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Equal("Bearer token-1", (await token.GetAsync()).ToString());
    }

    [Fact]
    public void IsOn_WithoutAnAudience_IsNot() => Assert.False(Create(null).IsOn);

    private AppToken Create(string? audience = "api://worker") =>
        new(Options.Create(new ForwardingOptions { WorkerAudience = audience }), new Lazy<TokenCredential>(_credential), _time);

    /// <summary>Stands for a managed identity, which no machine without Azure has.</summary>
    private sealed class CountedCredential : TokenCredential
    {
        private int _tokens;

        public List<string> Scopes { get; } = [];

        public bool Fails { get; set; }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            if (Fails)
                throw new AuthenticationFailedException("the secret reason");
            Scopes.AddRange(requestContext.Scopes);
            return new AccessToken($"token-{++_tokens}", DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}

using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Serverless.Contracts.Http;
using Serverless.Contracts.Trust;
using Serverless.Worker.Authentication;
using Serverless.Worker.Configuration;
using Serverless.Worker.Serving;

namespace Serverless.Worker.Tests.Authentication;

public sealed class VerifiedTokensTests
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public void Find_TokenThatWasVerified_IsRefusedOnceItExpires()
    {
        var tokens = Create();
        var header = $"Bearer {Tokens.Good()}";

        Assert.Equal("team", tokens.Find(header)?.Tenant);
        Assert.Same(tokens.Find(header), tokens.Find(header));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(tokens.Find(header));
        Assert.Null(tokens.Find(header));
    }

    [Fact]
    public void Find_TokenOfAKeyThatWasTakenAway_IsNull() =>
        Assert.Null(new VerifiedTokens(Options.Create(new WorkerOptions { GatewayKeys = [GatewayKey.Create()] }), _time).Find($"Bearer {Tokens.Good()}"));

    [Fact]
    public void Read_TenantInAHeader_CountsOnlyWithoutAToken()
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[InferenceHeaders.Tenant] = "somebody-else";
        var before = RequestTerms.Read(context, 0, _time);

        context.Features.Set(Create().Find($"Bearer {Tokens.Good()}"));

        Assert.Equal("somebody-else", before.Tenant);
        Assert.Equal("team", RequestTerms.Read(context, 0, _time).Tenant);
    }

    private VerifiedTokens Create() => new(Options.Create(new WorkerOptions { GatewayKeys = [Tokens.Key] }), _time);
}

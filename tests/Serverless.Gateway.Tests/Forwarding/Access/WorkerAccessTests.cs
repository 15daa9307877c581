using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Serverless.Contracts.Http;
using Serverless.Contracts.Trust;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Forwarding.Access;

namespace Serverless.Gateway.Tests.Forwarding.Access;

public sealed class WorkerAccessTests
{
    private static readonly string Key = GatewayKey.Create();

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public void Authorize_WithKey_SignsForTheTenantAndSendsNoHeaderOfIt()
    {
        using var request = RequestOf("somebody-else");

        Create(Key).Authorize(request, "team");

        var claims = GatewayToken.Read(request.Headers.Authorization!.Parameter!, [GatewayKey.Parse(Key)!]);
        Assert.Equal("team", claims?.Tenant);
        Assert.True(claims!.HoldsAt(_time.GetUtcNow()));
        Assert.False(request.Headers.Contains(InferenceHeaders.Tenant));
    }

    [Fact]
    public void Authorize_SameTenantAgain_SignsAnewOnlyAfterHalfTheTokensLife()
    {
        var access = Create(Key);
        var first = TokenOf(access, "team");

        _time.Advance(TimeSpan.FromSeconds(149));
        Assert.Same(first, TokenOf(access, "team"));
        Assert.NotEqual(first, TokenOf(access, "other"));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.NotEqual(first, TokenOf(access, "team"));
    }

    [Fact]
    public void Authorize_WithoutKey_NamesTheTenantInAHeader()
    {
        using var request = RequestOf("somebody-else");

        Create(null).Authorize(request, "team");

        Assert.Equal(["team"], request.Headers.GetValues(InferenceHeaders.Tenant));
        Assert.Null(request.Headers.Authorization);
    }

    private static string TokenOf(WorkerAccess access, string tenant)
    {
        using var request = new HttpRequestMessage();
        access.Authorize(request, tenant);
        return request.Headers.Authorization!.Parameter!;
    }

    private static HttpRequestMessage RequestOf(string claimed)
    {
        var request = new HttpRequestMessage();
        request.Headers.Add(InferenceHeaders.Tenant, claimed);
        return request;
    }

    private WorkerAccess Create(string? key) => new(Options.Create(new ForwardingOptions { WorkerKey = key }), _time);
}

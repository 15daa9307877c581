using Azure.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Serverless.Contracts.Http;
using Serverless.Contracts.Trust;
using Serverless.Gateway.Costs.Budgets;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Forwarding.Access;
using Serverless.Gateway.RateLimits;
using Serverless.Gateway.Tenants;
using Serverless.Gateway.Tests.Authentication;

namespace Serverless.Gateway.Tests.Forwarding.Access;

public sealed class WorkerAccessTests
{
    private static readonly string Key = GatewayKey.Create();

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Authorize_WithKey_SignsForTheTenantAndSendsNoHeaderOfIt()
    {
        using var request = RequestOf("somebody-else");

        await Create(Key).AuthorizeAsync(request, "team");

        var claims = GatewayToken.Read(request.Headers.Authorization!.Parameter!, [GatewayKey.Parse(Key)!]);
        Assert.Equal("team", claims?.Tenant);
        Assert.True(claims!.HoldsAt(_time.GetUtcNow()));
        Assert.False(request.Headers.Contains(InferenceHeaders.Tenant));
    }

    [Fact]
    public async Task Authorize_SameTenantAgain_SignsAnewOnlyAfterHalfTheTokensLife()
    {
        var access = Create(Key);
        var first = await TokenOfAsync(access, "team");

        _time.Advance(TimeSpan.FromSeconds(149));
        Assert.Same(first, await TokenOfAsync(access, "team"));
        Assert.NotEqual(first, await TokenOfAsync(access, "other"));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.NotEqual(first, await TokenOfAsync(access, "team"));
    }

    [Fact]
    public async Task Authorize_WithoutKey_NamesTheTenantInAHeader()
    {
        using var request = RequestOf("somebody-else");

        await Create(null).AuthorizeAsync(request, "team");

        Assert.Equal(["team"], request.Headers.GetValues(InferenceHeaders.Tenant));
        Assert.Null(request.Headers.Authorization);
    }

    [Fact]
    public async Task Authorize_TenantWithALimit_TellsTheWorker()
    {
        var token = await TokenOfAsync(Create(Key, concurrentRequests: 3), "team");
        var own = await TokenOfAsync(Create(Key, concurrentRequests: 3), null);

        Assert.Equal(3, GatewayToken.Read(token, [GatewayKey.Parse(Key)!])!.MaxRequests);
        Assert.Equal(0, GatewayToken.Read(own, [GatewayKey.Parse(Key)!])!.MaxRequests);
    }

    private static async Task<string> TokenOfAsync(WorkerAccess access, string? tenant)
    {
        using var request = new HttpRequestMessage();
        await access.AuthorizeAsync(request, tenant);
        return request.Headers.Authorization!.Parameter!;
    }

    private static HttpRequestMessage RequestOf(string claimed)
    {
        var request = new HttpRequestMessage();
        request.Headers.Add(InferenceHeaders.Tenant, claimed);
        return request;
    }

    [Fact]
    public async Task Authorize_WithAnIdentity_ShowsItAndSaysTheRestInHeaders()
    {
        using var request = RequestOf("somebody-else");
        request.Headers.Add(InferenceHeaders.MaxRequests, "1000");

        await Create(null, concurrentRequests: 3, audience: "api://worker").AuthorizeAsync(request, "team");

        Assert.Equal("Bearer of the identity", request.Headers.Authorization!.ToString());
        Assert.Equal(["team"], request.Headers.GetValues(InferenceHeaders.Tenant));
        Assert.Equal(["3"], request.Headers.GetValues(InferenceHeaders.MaxRequests));
    }

    private WorkerAccess Create(string? key, int concurrentRequests = 0, string? audience = null)
    {
        var options = Options.Create(new ForwardingOptions { WorkerKey = key, WorkerAudience = audience });
        var credential = new Lazy<TokenCredential>(
            () => DelegatedTokenCredential.Create((_, _) => new AccessToken("of the identity", DateTimeOffset.MaxValue)));
        return new(new AppToken(options, credential, _time), BookOf(concurrentRequests), options, _time);
    }

    private LimitBook BookOf(int concurrentRequests) => new(
        new TenantTable(ApiKeyAuthenticatorTests.NoTables()), Options.Create(new RateLimitOptions { ConcurrentRequests = concurrentRequests }),
        Options.Create(new BudgetOptions()), _time, NullLogger<LimitBook>.Instance);
}

using System.Security.Cryptography;
using Serverless.Gateway.Tests.Jobs;
using Serverless.TestKit.Identity;

namespace Serverless.Gateway.Tests.Security;

/// <summary>Bearer tokens of the fixture's issuer, right and wrong ones.</summary>
internal sealed class SecurityTokens(JobsFixture fixture)
{
    /// <summary>The claim that names the tenant that the table is about.</summary>
    public const string Tenant = "object";

    private const string User = "Inference.User";

    public string Of(string tenant, string role) => Issue(tenant, role);

    /// <summary>Wrong audience, wrong issuer, expired, not begun, and a signature that another key made.</summary>
    public string[] Invalid()
    {
        using var foreign = RSA.Create(2048);
        return
        [
            Issue(Tenant, User, audience: "api://another"),
            Issue(Tenant, User, issuer: "https://elsewhere.example"),
            Issue(Tenant, User, from: -120, until: -61),
            Issue(Tenant, User, from: 120, until: 240),
            Issue(Tenant, User, foreign: foreign),
        ];
    }

    private string Issue(
        string tenant, string role, string audience = JobsFixture.Audience, string? issuer = null, int from = -60, int until = 3600, RSA? foreign = null)
    {
        var now = fixture.Time.GetUtcNow().UtcDateTime;
        return fixture.Issuer.Issue(
            new() { ["oid"] = tenant, ["roles"] = new[] { role } }, audience, now.AddSeconds(from), now.AddSeconds(until), issuer,
            foreign is null ? null : TestIssuer.Rs256(foreign, TestIssuer.KeyId));
    }
}

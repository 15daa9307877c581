using Serverless.Contracts.Jobs;

namespace Serverless.Contracts.Tests.Jobs;

public sealed class TenantKeyTests
{
    [Theory]
    [InlineData("acme", "t-acme")]
    [InlineData("t-acme", "t-t-acme")]
    [InlineData("a b/\u00fc_", "t-a_0020b_002f_00fc_005f")]
    public void NameOf_KeyOfAName_IsTheName(string name, string key)
    {
        Assert.Equal(key, TenantKey.Of(name));
        Assert.Equal(name, TenantKey.NameOf(key));
    }
}

using Azure.Identity;
using Serverless.Telemetry;

namespace Serverless.Worker.Tests.Telemetry;

public sealed class AzureMonitorCredentialTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Parse_OfNothing_IsNoCredential(string? text) => Assert.Null(AzureMonitorCredential.Parse(text));

    [Theory]
    [InlineData("Authorization=AAD")]
    [InlineData("Authorization=AAD;ClientId=3f6a5b1e-0000-4000-8000-000000000001")]
    [InlineData("ClientId=3f6a5b1e-0000-4000-8000-000000000001;Authorization=AAD")]
    public void Parse_OfEntra_IsTheManagedIdentity(string text) =>
        Assert.IsType<ManagedIdentityCredential>(AzureMonitorCredential.Parse(text));

    [Theory]
    [InlineData("ClientId=3f6a5b1e-0000-4000-8000-000000000001")]
    [InlineData("Authorization=Key")]
    [InlineData("nonsense")]
    public void Parse_OfAnythingElse_SaysWhatItMustBe(string text) =>
        Assert.Contains(
            "must be 'Authorization=AAD'",
            Assert.Throws<FormatException>(() => AzureMonitorCredential.Parse(text)).Message,
            StringComparison.Ordinal);
}

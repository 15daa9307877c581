using Serverless.Infra.Tests.Bicep;
using Serverless.Infra.Tests.Documents;

namespace Serverless.Infra.Tests.Settings;

public sealed class SettingsTests
{
    private static readonly IReadOnlySet<string> Read = ReadSettings.Find();

    [Fact]
    public void Find_InTheCode_FindsEachKind()
    {
        Assert.Contains("Worker__TrustNetwork", Read);
        Assert.Contains("Worker__ExecutionProviders__N", Read);
        Assert.Contains("Gateway__ApiKeys__N__Sha256", Read);
        Assert.Contains("Storage__blobServiceUri", Read);
        Assert.Contains("S3__serviceUrl", Read);
        Assert.Contains("OTEL_EXPORTER_OTLP_ENDPOINT", Read);
    }

    [Fact]
    public void Settings_OfBicepAndCode_AreTheSame() =>
        Assert.Equal("", string.Join('\n', SettingsCheck.Faults(Snapshot.Read(Snapshot.Full), Read, SettingsLists.Read())));

    [Theory]
    [InlineData("Worker__MemoryBudgetBytes", "Worker__MemoryBudgetByte")]
    [InlineData("Gateway__WorkerUrl", "Worker__Url")]
    [InlineData("Storage__blobServiceUri", "Storage__blobServiceURI")]
    public void Settings_OfAMutatedTemplate_AreNot(string right, string wrong)
    {
        var snapshot = Snapshot.Read(Snapshot.Full);
        foreach (var app in new[] { "worker", "gateway" })
        {
            foreach (var setting in snapshot.Container(app)["env"]!.AsArray().Where(setting => (string)setting!["name"]! == right))
                setting!["name"] = wrong;
        }

        Assert.NotEmpty(SettingsCheck.Faults(snapshot, Read, SettingsLists.Read()));
    }

    [Fact]
    public void Settings_NewInTheCode_AreMissed() =>
        Assert.Contains(
            SettingsCheck.Faults(Snapshot.Read(Snapshot.Full), Read.Append("Worker__BrandNew").ToHashSet(), SettingsLists.Read()),
            fault => fault.Contains("Worker__BrandNew", StringComparison.Ordinal));

    [Fact]
    public void Settings_OfComposeAndKubernetes_AreRead()
    {
        var lists = SettingsLists.Read();
        // Read by Amazon's SDK and by the host, where no identity stands in for them.
        string[] elsewhere = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AzureWebJobsStorage"];
        var written = Manifests.Settings().Select(SettingsCheck.Normalize).ToList();

        Assert.Contains("Worker__TrustNetwork", written);
        Assert.Empty(written.Except(Read).Except(lists.ReadByOthers.Keys).Except(lists.LeftAtDefault.Keys).Except(elsewhere));
    }
}

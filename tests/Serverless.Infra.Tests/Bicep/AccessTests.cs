using System.Text.Json.Nodes;

namespace Serverless.Infra.Tests.Bicep;

/// <summary>Identities only: nothing that a key opens, nothing that strangers reach but the gateway.</summary>
public sealed class AccessTests
{
    private static readonly Snapshot Full = Snapshot.Read(Snapshot.Full);

    [Theory]
    [InlineData("Microsoft.Storage/storageAccounts", "allowSharedKeyAccess", false)]
    [InlineData("Microsoft.Storage/storageAccounts", "allowBlobPublicAccess", false)]
    [InlineData("Microsoft.Storage/storageAccounts", "supportsHttpsTrafficOnly", true)]
    [InlineData("Microsoft.Storage/storageAccounts", "minimumTlsVersion", "TLS1_2")]
    [InlineData("Microsoft.ServiceBus/namespaces", "disableLocalAuth", true)]
    [InlineData("Microsoft.ServiceBus/namespaces", "minimumTlsVersion", "1.2")]
    [InlineData("Microsoft.ContainerRegistry/registries", "adminUserEnabled", false)]
    [InlineData("Microsoft.ContainerRegistry/registries", "anonymousPullEnabled", false)]
    [InlineData("Microsoft.Insights/components", "DisableLocalAuth", true)]
    [InlineData("Microsoft.Dashboard/grafana", "apiKey", "Disabled")]
    public void Resources_OfEveryDeployment_TakeNoKey(string type, string property, object expected)
    {
        foreach (var snapshot in new[] { Snapshot.Read(Snapshot.First), Full })
        {
            var resources = snapshot.OfType(type).ToList();
            Assert.NotEmpty(resources);
            Assert.All(resources, resource => Assert.Equal(expected, ValueOf(resource["properties"]![property])));
        }
    }

    [Theory]
    [InlineData("Microsoft.Storage/storageAccounts")]
    [InlineData("Microsoft.ServiceBus/namespaces")]
    [InlineData("Microsoft.ContainerRegistry/registries")]
    public void Resources_OfAPrivateNetwork_AreReachedPrivately(string type)
    {
        Assert.All(Full.OfType(type), resource => Assert.Equal("Disabled", (string?)resource["properties"]!["publicNetworkAccess"]));
        Assert.All(Snapshot.Read(Snapshot.First).OfType(type),
            resource => Assert.Equal("Enabled", (string?)resource["properties"]!["publicNetworkAccess"]));
    }

    [Theory]
    [InlineData("worker", false)]
    [InlineData("collector", false)]
    [InlineData("gateway", true)]
    public void Ingress_OfApp_IsOpenToStrangersOnlyAtTheGateway(string app, bool external)
    {
        var ingress = Full.App(app)["properties"]!["configuration"]!["ingress"]!;

        Assert.Equal(external, (bool)ingress["external"]!);
        Assert.False((bool)ingress["allowInsecure"]!);
    }

    [Theory]
    [InlineData(Snapshot.First)]
    [InlineData(Snapshot.Full)]
    public void Worker_OfEveryDeployment_TrustsNoNetwork(string file) =>
        Assert.DoesNotContain("Worker__TrustNetwork", Tree.Read(file), StringComparison.Ordinal);

    [Fact]
    public void Worker_OfADeploymentWithoutAnAudience_TakesTheKeyThatTheGatewaySignsWith()
    {
        var first = Snapshot.Read(Snapshot.First);

        Assert.Equal("[parameters('workerKey')]", SecretOf(first, "gateway", "Gateway__WorkerKey"));
        Assert.Equal("[parameters('workerKey')]", SecretOf(first, "worker", "Worker__GatewayKeys__0"));
        Assert.DoesNotContain("Worker__EntraAudience", first.SettingsOf("worker"));
    }

    [Fact]
    public void Worker_OfADeploymentWithAnAudience_SharesNoSecret()
    {
        Assert.Contains("Worker__EntraAudience", Full.SettingsOf("worker"));
        foreach (var app in new[] { "worker", "gateway" })
            Assert.Null(Full.App(app)["properties"]!["configuration"]!["secrets"]?.AsArray().FirstOrDefault());
    }

    [Fact]
    public void HostAccount_ForTheFunctionsHost_IsPlain()
    {
        var host = Full.OfType("Microsoft.Storage/storageAccounts")
            .Single(account => ((string)account["name"]!).StartsWith("sthost", StringComparison.Ordinal));

        Assert.Null(host["properties"]!["isHnsEnabled"]);
        Assert.DoesNotContain(
            Full.OfType("Microsoft.Storage/storageAccounts/managementPolicies"),
            policy => ((string)policy["id"]!).Contains("/sthost", StringComparison.Ordinal));
    }

    private static string SecretOf(Snapshot snapshot, string app, string setting)
    {
        var reference = (string)snapshot.Container(app)["env"]!.AsArray().Single(item => (string)item!["name"]! == setting)!["secretRef"]!;
        return (string)snapshot.App(app)["properties"]!["configuration"]!["secrets"]!.AsArray()
            .Single(secret => (string)secret!["name"]! == reference)!["value"]!;
    }

    private static object? ValueOf(JsonNode? node) => node?.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.True => true,
        System.Text.Json.JsonValueKind.False => false,
        _ => (string?)node,
    };
}

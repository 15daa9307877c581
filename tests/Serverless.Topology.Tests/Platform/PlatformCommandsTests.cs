using System.Security.Cryptography;
using System.Text;
using Serverless.Contracts.Configuration;
using Serverless.TestKit;
using Serverless.Topology.Layout;
using Serverless.Topology.Platform;

namespace Serverless.Topology.Tests.Platform;

public sealed class PlatformCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Functions_Command_HoldsTheKeysHashAndNotTheKey()
    {
        var options = PlatformOptions.Isolated(_folder.Path);

        var command = new PlatformCommands(Repository.Find(), options).Functions();

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.ApiKey)));
        Assert.Equal(hash, command.Environment[$"{Settings.GatewayApiKeys}__0__Sha256"]);
        Assert.DoesNotContain(options.ApiKey, string.Join(' ', command.Arguments.Concat(command.Environment.Values)), StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_OfOneStack_ShareAKeyThatNoOtherHas()
    {
        var options = PlatformOptions.Isolated(_folder.Path);
        var commands = new PlatformCommands(Repository.Find(), options);

        Assert.Equal(options.WorkerKey, commands.Functions().Environment[Settings.GatewayWorkerKey]);
        Assert.Equal(options.WorkerKey, commands.Worker().Environment[$"{Settings.WorkerGatewayKeys}__0"]);
        Assert.NotEqual(options.WorkerKey, PlatformOptions.Isolated(_folder.Path).WorkerKey);
    }

    [Fact]
    public void Functions_HostsBodyLimit_Is16MiBAboveTheGateways()
    {
        var command = new PlatformCommands(Repository.Find(), PlatformOptions.Isolated(_folder.Path)).Functions();

        var host = long.Parse(command.Environment[Settings.HostBodySizeLimit], System.Globalization.CultureInfo.InvariantCulture);
        var gateway = long.Parse(command.Environment[Settings.GatewayMaxBodyBytes], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(16L << 20, host - gateway);
    }

    [Fact]
    public void Worker_MoreSettings_WinOverTheUsualOnes()
    {
        var options = PlatformOptions.Isolated(_folder.Path) with
        {
            WorkerSettings = new Dictionary<string, string> { [Settings.WorkerRequireGpu] = "true" },
        };

        var command = new PlatformCommands(Repository.Find(), options).Worker();

        Assert.Equal("true", command.Environment[Settings.WorkerRequireGpu]);
        Assert.Equal("1", command.Environment["ORT_DISABLE_TELEMETRY"]);
    }

    [Fact]
    public void ContainerHost_Command_StartsReplicasOnPortsOfTheirOwn()
    {
        var options = PlatformOptions.Isolated(_folder.Path) with
        {
            Replicas = new WorkerReplicas { Max = 3, Speed = 30 },
            WorkerSettings = new Dictionary<string, string> { [Settings.WorkerRequireGpu] = "true" },
        };

        var command = new PlatformCommands(Repository.Find(), options).ContainerHost();

        var replica = ReplicaVariables(command.Environment);
        Assert.Equal("http://127.0.0.1:{http}", replica[Settings.WorkerUrl]);
        Assert.Equal("http://127.0.0.1:{metrics}", replica[Settings.WorkerMetricsUrl]);
        Assert.Equal("http://127.0.0.1:{grpc}", replica[Settings.WorkerGrpcUrl]);
        Assert.Equal("true", replica[Settings.WorkerRequireGpu]);
        Assert.Equal("1", replica["ORT_DISABLE_TELEMETRY"]);
        Assert.Equal(("3", "30"), (command.Environment["ContainerHost__MaxReplicas"], command.Environment["ContainerHost__Speed"]));
        Assert.True(File.Exists(command.Environment["ContainerHost__ScaleFile"]));
    }

    [Fact]
    public void ContainerHost_GraceOfItsScaleFile_LeavesReplicasAllButTwentySecondsToDrain()
    {
        var rules = File.ReadAllText(Path.Combine(Repository.Find().Root, "infra", "scale.json"));
        File.WriteAllText(
            _folder.File("scale.json"),
            rules.Replace("\"terminationGraceSeconds\": 60", "\"terminationGraceSeconds\": 600", StringComparison.Ordinal));
        var usual = PlatformOptions.Isolated(_folder.Path) with { Replicas = new WorkerReplicas() };
        var longer = usual with { Replicas = new WorkerReplicas { ScaleFile = _folder.File("scale.json") } };
        var own = usual with { WorkerSettings = new Dictionary<string, string> { [Settings.WorkerDrainTime] = "00:00:01" } };

        Assert.Equal("00:00:40", DrainTime(usual));
        Assert.Equal("00:09:40", DrainTime(longer));
        Assert.Equal("00:00:01", DrainTime(own));

        static string DrainTime(PlatformOptions options) =>
            ReplicaVariables(new PlatformCommands(Repository.Find(), options).ContainerHost().Environment)[Settings.WorkerDrainTime];
    }

    [Fact]
    public void ContainerHost_Command_HoldsNoSecretInItsArgumentsNorInThoseOfReplicas()
    {
        var options = PlatformOptions.Isolated(_folder.Path) with { Replicas = new WorkerReplicas() };

        var command = new PlatformCommands(Repository.Find(), options).ContainerHost();

        var arguments = command.Environment.Where(pair => pair.Key.StartsWith("ContainerHost__Replica__Arguments", StringComparison.Ordinal))
            .Select(pair => pair.Value).Concat(command.Arguments);
        Assert.DoesNotContain(arguments, argument => argument.Contains("AccountKey", StringComparison.Ordinal));
    }

    [Fact]
    public void Functions_WorkerInReplicas_CallTheIngress()
    {
        var options = PlatformOptions.Isolated(_folder.Path);
        var scaled = options with { Replicas = new WorkerReplicas() };

        var direct = new PlatformCommands(Repository.Find(), options).Functions().Environment[Settings.GatewayWorkerUrl];
        var ingress = new PlatformCommands(Repository.Find(), scaled).Functions().Environment[Settings.GatewayWorkerUrl];

        Assert.EndsWith($":{options.Ports.Worker}", direct, StringComparison.Ordinal);
        Assert.EndsWith($":{options.Ports.ContainerHost.Ingress}", ingress, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, string> ReplicaVariables(IReadOnlyDictionary<string, string> settings) => settings
        .Where(pair => pair.Key.StartsWith("ContainerHost__Replica__Environment__", StringComparison.Ordinal)
            && pair.Key.EndsWith("__Name", StringComparison.Ordinal))
        .ToDictionary(pair => pair.Value, pair => settings[pair.Key[..^"Name".Length] + "Value"]);
}

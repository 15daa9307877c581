using System.Diagnostics;
using System.Globalization;
using Serverless.ContainerHost.Replicas;
using Serverless.ContainerHost.Tests.Running;
using Serverless.Topology.Layout;
using Serverless.Topology.Processes;

namespace Serverless.ContainerHost.Tests.Replicas;

public sealed class CrashTests
{
    [Fact]
    public async Task Replica_Killed_IsReplaced()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(2);

        Process.GetProcessById(containers.Ready[0].ProcessId!.Value).Kill();

        await containers.WaitAsync(() => containers.Pool.Replicas.Count == 3 && containers.Ready.Count == 2, "the replacement");
        var crashed = containers.Pool.Replicas[0];
        Assert.Equal((ReplicaState.Crashed, "ended by itself: [exit code 137]"), (crashed.State, crashed.Remark));
        Assert.Equal(1, containers.Pool.Crashes);
    }

    [Fact]
    public async Task Replica_NoSuchProgram_CrashesAndIsNotTriedWithoutEnd()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(0, ("ContainerHost:Replica:Program", "/no/such/program"));

        containers.Pool.Scale(1);

        await containers.WaitAsync(() => containers.Pool.Crashes == 2, "two crashes");
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(2, containers.Pool.Crashes);
    }

    [Fact]
    public async Task Replica_NoLongerReady_GetsNothingUntilItIs()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(2);
        await containers.Client.GetStringAsync("/unready", TestContext.Current.CancellationToken);

        await containers.WaitAsync(() => containers.Ready.Count == 1, "one ready replica");

        var names = new List<string>();
        for (var i = 0; i < 4; i++)
            names.Add(await containers.Client.GetStringAsync("/who", TestContext.Current.CancellationToken));
        Assert.Equal(containers.Ready[0].Name, Assert.Single(names.Distinct()));
    }

    [Fact]
    public async Task Host_Killed_LeavesNoReplicaBehind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the parent-death signal is Linux's");
        var ports = FreePorts.Pick(2);
        var (ingress, management) = (UrlOf(ports[0]), UrlOf(ports[1]));
        var assembly = Repository.Find().AssemblyOf("tools/Serverless.ContainerHost");
        var settings = TestContainers.Settings(ingress, management)
            .ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
        await using var host = await ServiceProcess.StartAsync(
            new ServiceCommand("containers", "dotnet", [assembly], Path.GetDirectoryName(assembly)!, settings, new Uri(management, "/health")));
        await host.WaitUntilReadyAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        using var client = new HttpClient();
        var answer = await client.GetStringAsync(new Uri(ingress, "/echo"), TestContext.Current.CancellationToken);
        var replica = (int)System.Text.Json.Nodes.JsonNode.Parse(answer)!["pid"]!;

        await host.KillAsync();

        await Eventually.Async(() => !Directory.Exists($"/proc/{replica}"), "the end of the replica");
    }

    private static Uri UrlOf(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
}

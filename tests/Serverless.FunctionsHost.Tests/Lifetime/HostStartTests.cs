using System.Net;
using System.Net.Sockets;
using Serverless.FunctionsHost.Tests.Running;
using Serverless.TestKit;
using Serverless.Topology.Layout;
using Serverless.Topology.Processes;

namespace Serverless.FunctionsHost.Tests.Lifetime;

public sealed class HostStartTests
{
    [Fact]
    public async Task Start_FolderWithoutApp_EndsSayingWhy()
    {
        using var folder = new TemporaryFolder();
        var output = await RunToEndAsync(["--app", folder.Path]);
        Assert.Contains($"The functions host cannot run: {folder.Path} holds no host.json: --app must name a build output.", output);
        Assert.Contains("[exit code 1]", output);
    }

    [Fact]
    public async Task Start_OptionOutOfRange_EndsNamingIt()
    {
        var app = Repository.Find().OutputOf("tests/Serverless.SampleFunctions");
        var output = await RunToEndAsync(["--app", app, "--FunctionsHost:QueueLease", "00:00:01"]);
        Assert.Contains(output, line => Has(line, "QueueLease") && Has(line, "00:00:02"));
        Assert.Contains("[exit code 1]", output);
    }

    [Fact]
    public async Task Start_WorkerThatCannotStart_EndsAfterThreeAttempts()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("host.json"), "{}", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            folder.File("worker.config.json"),
            """{"description":{"defaultExecutablePath":"dotnet","defaultWorkerPath":"missing.dll"}}""",
            TestContext.Current.CancellationToken);
        var output = await RunToEndAsync(["--app", folder.Path]);

        Assert.Equal(2, output.Count(line => Has(line, "The worker did not start")));
        Assert.Contains(output, line => Has(line, "missing.dll") && Has(line, "[worker]"));
        Assert.Contains(output, line => Has(line, "The functions host cannot run: Its process ended with exit code"));
        Assert.Contains("[exit code 1]", output);
    }

    [Fact]
    public async Task Start_PortThatIsTaken_EndsSayingSo()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var app = Repository.Find().OutputOf("tests/Serverless.SampleFunctions");

        var output = await RunToEndAsync(["--app", app, "--urls", $"http://{other.LocalEndpoint}"]);

        Assert.Contains(output, line => Has(line, "The functions host cannot run:") && Has(line, "address already in use"));
        Assert.Contains("[exit code 1]", output);
        Assert.DoesNotContain(output, line => Has(line, "The worker did not start"));
    }

    private static bool Has(string line, string text) => line.Contains(text, StringComparison.Ordinal);

    private static async Task<IReadOnlyList<string>> RunToEndAsync(string[] arguments)
    {
        var assembly = Repository.Find().AssemblyOf("tools/Serverless.FunctionsHost");
        var command = new ServiceCommand(
            "functions",
            "dotnet",
            [assembly, "--urls", "http://127.0.0.1:0", .. arguments],
            Path.GetDirectoryName(assembly)!,
            new Dictionary<string, string>(),
            new Uri("http://127.0.0.1/"));
        await using var process = await ServiceProcess.StartAsync(command);
        using var limit = Patience.Limit(TestContext.Current.CancellationToken);
        await process.Exited.WaitAsync(limit.Token);
        return process.Output;
    }
}

using System.Diagnostics;
using Serverless.Topology.Processes;

namespace Serverless.Topology.Tests.Processes;

public sealed class ServiceProcessTests
{
    private const string Server =
        "require('http').createServer((q, s) => { s.statusCode = q.url === '/up' ? 200 : 400; s.end(); }).listen(PORT, '127.0.0.1');"
        + "process.on('SIGTERM', () => { console.log('stopping'); process.exit(0); }); console.log('started');";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WaitUntilReady_ServerAnswers_Returns()
    {
        await using var service = await ServiceProcess.StartAsync(Node("/up"));

        await service.WaitUntilReadyAsync(TimeSpan.FromSeconds(20), Token);

        Assert.False(service.Exited.IsCompleted);
    }

    [Fact]
    public async Task WaitUntilReady_AnyStatusIsReady_TakesAnError()
    {
        await using var service = await ServiceProcess.StartAsync(Node("/refused") with { AnyStatusIsReady = true });

        await service.WaitUntilReadyAsync(TimeSpan.FromSeconds(20), Token);

        Assert.False(service.Exited.IsCompleted);
    }

    [Fact]
    public async Task WaitUntilReady_ProcessEnds_SaysItsLastLines()
    {
        var command = Node("/up") with { Arguments = ["-e", "console.error('no such luck'); process.exit(3);"] };
        await using var service = await ServiceProcess.StartAsync(command);

        var exception = await Assert.ThrowsAsync<ServiceStartException>(() => service.WaitUntilReadyAsync(TimeSpan.FromSeconds(20), Token));

        Assert.Contains("no such luck", exception.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 3", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoSuchProgram_Throws()
    {
        var command = Node("/up") with { Program = "/no/such/program" };

        await Assert.ThrowsAsync<ServiceStartException>(async () =>
        {
            await using var service = await ServiceProcess.StartAsync(command);
            await service.WaitUntilReadyAsync(TimeSpan.FromSeconds(20), Token);
        });
    }

    [Fact]
    public async Task Dispose_RunningService_LetsItStopByItself()
    {
        var service = await ServiceProcess.StartAsync(Node("/up"));
        await service.WaitUntilReadyAsync(TimeSpan.FromSeconds(20), Token);

        await service.DisposeAsync();

        Assert.Contains("stopping", service.Output);
        Assert.Contains("[exit code 0]", service.Output);
    }

    [Fact]
    public async Task Kill_RunningService_EndsItAtOnce()
    {
        await using var service = await ServiceProcess.StartAsync(Node("/up"));
        await service.WaitUntilReadyAsync(TimeSpan.FromSeconds(20), Token);

        await service.KillAsync();

        Assert.DoesNotContain("stopping", service.Output);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(service.Id));
    }

    private static ServiceCommand Node(string readyPath)
    {
        var port = FreePorts.Pick(1)[0];
        return new ServiceCommand(
            "test", "node", ["-e", Server.Replace("PORT", $"{port}", StringComparison.Ordinal)], Path.GetTempPath(),
            new Dictionary<string, string>(), new Uri($"http://127.0.0.1:{port}{readyPath}"));
    }
}

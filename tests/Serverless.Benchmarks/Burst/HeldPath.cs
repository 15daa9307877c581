using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Serverless.Topology.Containers;
using Serverless.Topology.Layout;
using Serverless.Topology.Platform;
using Serverless.Topology.Processes;

namespace Serverless.Benchmarks.Burst;

/// <summary>
/// The way of a request that comes at zero replicas: Functions host, gateway, ingress of the container host, and the published worker as its
/// replica. The clocks of the rules and probes run at their fastest: what they take in Azure is Azure's to choose.
/// </summary>
internal sealed class HeldPath : IAsyncDisposable
{
    private const double Speed = 100;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly PlatformOptions _options;
    private readonly HttpClient _management;
    private readonly List<ServiceProcess> _services = [];

    private HeldPath(PlatformOptions options)
    {
        _options = options;
        _management = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{options.Ports.ContainerHost.Management}") };
    }

    public static async Task<HeldPath> StartAsync(BurstBench bench, CancellationToken cancellationToken)
    {
        var options = await ColdStarts.OptionsAsync(bench, cancellationToken) with { Replicas = new WorkerReplicas { Max = 1, Speed = Speed } };
        var program = await bench.PublishedAsync("functions/Serverless.Worker", cancellationToken);
        var commands = new PlatformCommands(Repository.Find(), options);
        var path = new HeldPath(options);
        try
        {
            foreach (var command in new[] { WithReplica(commands.ContainerHost(), program), commands.Functions() })
            {
                var service = await ServiceProcess.StartAsync(command);
                path._services.Add(service);
                await service.WaitUntilReadyAsync(StartLimit, cancellationToken);
            }

            return path;
        }
        catch
        {
            await path.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until nothing runs, and asks the gateway then.</summary>
    public async Task<ColdAnswer> AskFromZeroAsync(CancellationToken cancellationToken)
    {
        while ((await _management.GetFromJsonAsync<ContainerStatus>("/status", cancellationToken))!.Running > 0)
            await Task.Delay(Look, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, _options.Ports.Functions, cancellationToken);
        var answer = await ColdRequest.SendAsync(socket, ColdRequest.To(ColdStarts.Path, _options.ApiKey), cancellationToken);
        return ColdAnswer.Parse(answer, listening: TimeSpan.Zero, Stopwatch.GetElapsedTime(started));
    }

    public async ValueTask DisposeAsync()
    {
        _management.Dispose();
        foreach (var service in Enumerable.Reverse(_services))
            await service.DisposeAsync();
    }

    // The replicas are the published worker with the suite's cache, and inherit what the image sets.
    private static ServiceCommand WithReplica(ServiceCommand command, string program) => command with
    {
        Environment = new Dictionary<string, string>(command.Environment.Where(setting => setting.Key != "ContainerHost__Replica__Arguments__0"))
        {
            ["DOTNET_EnableDiagnostics"] = "0",
            ["ContainerHost__Replica__Program"] = program,
            ["ContainerHost__Replica__WorkingDirectory"] = Path.GetDirectoryName(program)!,
        },
    };
}

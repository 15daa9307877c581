using System.Net.Http.Json;
using Serverless.Topology.Containers;
using Serverless.Topology.Layout;
using Serverless.Topology.Platform;
using Serverless.Topology.Processes;

namespace Serverless.Benchmarks.Burst;

/// <summary>The container host with real workers, called at its ingress.</summary>
internal sealed class BurstContainers : IAsyncDisposable
{
    /// <summary>One core for each replica; more would only take turns.</summary>
    public const int MaxReplicas = 2;

    /// <summary>How much faster the clocks of the rules run.</summary>
    public const double Speed = 30;

    private readonly ServiceProcess _process;
    private readonly HttpClient _management;

    private BurstContainers(ServiceProcess process, PlatformPorts ports)
    {
        _process = process;
        _management = new HttpClient { BaseAddress = UrlOf(ports.ContainerHost.Management) };
        Client = new HttpClient { BaseAddress = UrlOf(ports.ContainerHost.Ingress), Timeout = TimeSpan.FromSeconds(240) };
    }

    /// <summary>Calls the ingress.</summary>
    public HttpClient Client { get; }

    public static async Task<BurstContainers> StartAsync(BurstEmulators emulators, string folder, CancellationToken cancellationToken)
    {
        var options = PlatformOptions.Isolated(folder) with
        {
            // Called at the ingress, without a gateway that would have a key.
            WorkerKey = null,
            Replicas = new WorkerReplicas { Max = MaxReplicas, Speed = Speed },

            // One run at a time, of one thread, and ready once the model is there: a replica as the simulator supposes it.
            WorkerSettings = new Dictionary<string, string>
            {
                ["Worker__Instances"] = "1",
                ["Worker__IntraOpThreads"] = "1",
                ["Worker__Preload__0"] = ScriptedBurst.Model,
            },
        };
        options = options with { Ports = options.Ports with { Storage = emulators.Storage.Ports, ServiceBus = emulators.ServiceBus.Ports } };
        var process = await ServiceProcess.StartAsync(new PlatformCommands(Repository.Find(), options).ContainerHost());
        await process.WaitUntilReadyAsync(TimeSpan.FromSeconds(60), cancellationToken);
        return new BurstContainers(process, options.Ports);
    }

    public async Task<ContainerStatus> ReadAsync(CancellationToken cancellationToken) =>
        (await _management.GetFromJsonAsync<ContainerStatus>("/status", cancellationToken))!;

    /// <summary>Waits until nothing runs.</summary>
    public async Task<ContainerStatus> WaitForZeroAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await ReadAsync(cancellationToken) is { Running: 0, Desired: 0 } status)
                return status;
            await Task.Delay(100, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _management.Dispose();
        await _process.DisposeAsync();
    }

    private static Uri UrlOf(int port) => new($"http://127.0.0.1:{port}");
}

using System.Net.Http.Json;
using Serverless.Topology.Azurite;
using Serverless.Topology.Containers;
using Serverless.Topology.Layout;
using Serverless.Topology.Processes;

namespace Serverless.Topology.Platform;

/// <summary>The whole platform as processes of this machine: Azurite, the Service Bus emulator, the worker, the Functions host with the gateway.</summary>
public sealed class LocalPlatform : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, ServiceProcess> _services = [];
    private readonly Action<string, string>? _onLine;

    private LocalPlatform(PlatformOptions options, Action<string, string>? onLine)
    {
        Options = options;
        _onLine = onLine;
    }

    /// <summary>What it is made of.</summary>
    public PlatformOptions Options { get; }

    /// <summary>Base URL of the API.</summary>
    public Uri ApiUrl => new($"http://127.0.0.1:{Options.Ports.Functions}");

    /// <summary>Base URL of the container host's status; nobody listens there unless the worker runs in replicas.</summary>
    public Uri ContainersUrl => new($"http://127.0.0.1:{Options.Ports.ContainerHost.Management}");

    /// <summary>Connection string of its storage account.</summary>
    public string StorageConnectionString => Options.Ports.Storage.ConnectionString;

    /// <summary>
    /// The running services by name: <c>azurite</c>, <c>servicebus</c>, <c>worker</c> or the <c>containers</c> of its replicas,
    /// <c>functions</c>.
    /// </summary>
    public IReadOnlyDictionary<string, ServiceProcess> Services => _services;

    /// <summary>Starts everything and waits until it is ready.</summary>
    /// <param name="options">What to start.</param>
    /// <param name="onLine">Called with a service's name and each line that it writes.</param>
    /// <param name="cancellationToken">Ends the start; what runs already is stopped.</param>
    /// <exception cref="ServiceStartException">A service did not start; its last lines are in the message.</exception>
    public static async Task<LocalPlatform> StartAsync(
        PlatformOptions options, Action<string, string>? onLine = null, CancellationToken cancellationToken = default)
    {
        var repository = Repository.Find();
        var commands = new PlatformCommands(repository, options);
        var platform = new LocalPlatform(options, onLine);
        try
        {
            var script = await AzuriteInstallation.EnsureAsync(repository, cancellationToken);
            await Task.WhenAll(
                platform.StartServiceAsync(commands.Azurite(script), cancellationToken),
                platform.StartServiceAsync(commands.ServiceBus(), cancellationToken));
            await Task.WhenAll(
                platform.StartServiceAsync(options.Replicas is null ? commands.Worker() : commands.ContainerHost(), cancellationToken),
                platform.StartServiceAsync(commands.Functions(), cancellationToken));
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the worker's replicas do, where it runs in replicas.</summary>
    /// <exception cref="HttpRequestException">The container host does not answer.</exception>
    public async Task<ContainerStatus> GetContainersAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = ContainersUrl };
        return (await client.GetFromJsonAsync<ContainerStatus>("/status", cancellationToken))!;
    }

    /// <summary>Starts another worker, which consumes the same queues; no request over HTTP comes to it.</summary>
    /// <param name="name">Its name among <see cref="Services"/>.</param>
    /// <param name="cancellationToken">Ends the wait until it is ready.</param>
    public Task StartWorkerAsync(string name, CancellationToken cancellationToken)
    {
        var ports = FreePorts.Pick(3);
        var options = Options with { Ports = Options.Ports with { Worker = ports[0], WorkerMetrics = ports[1], WorkerGrpc = ports[2] } };
        return StartServiceAsync(new PlatformCommands(Repository.Find(), options).Worker() with { Name = name }, cancellationToken);
    }

    /// <summary>Starts a service again after it ended or was killed.</summary>
    public async Task RestartAsync(string name, CancellationToken cancellationToken)
    {
        var old = _services[name];
        await old.DisposeAsync();
        await StartServiceAsync(old.Command, cancellationToken);
    }

    /// <summary>Stops everything, callers before what they call.</summary>
    public async ValueTask DisposeAsync()
    {
        string[] last = ["servicebus", "azurite"];
        foreach (var name in _services.Keys.Except(last).OrderBy(name => name != "functions").Concat(last).ToArray())
        {
            if (_services.TryGetValue(name, out var service))
                await service.DisposeAsync();
        }
    }

    private async Task StartServiceAsync(ServiceCommand command, CancellationToken cancellationToken)
    {
        var service = await ServiceProcess.StartAsync(command, line => _onLine?.Invoke(command.Name, line));
        lock (_services)
            _services[command.Name] = service;
        await service.WaitUntilReadyAsync(StartLimit, cancellationToken);
    }
}

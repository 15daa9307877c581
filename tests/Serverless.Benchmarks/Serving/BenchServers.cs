using System.Globalization;
using Serverless.Benchmarks.Serving.Baselines;
using Serverless.Contracts.Configuration;
using Serverless.Topology.Layout;
using Serverless.Topology.Platform;
using Serverless.Topology.Processes;

namespace Serverless.Benchmarks.Serving;

/// <summary>The worker and what it is measured against, each started when it is first needed.</summary>
internal sealed class BenchServers(ServingModels models, string folder) : IAsyncDisposable
{
    private readonly Dictionary<string, BenchServer> _running = [];
    private readonly PlatformOptions _options = PlatformOptions.Isolated(folder) with { WorkerKey = null };

    /// <summary>Where the worker serves <c>/metrics</c>.</summary>
    public Uri WorkerMetrics => new($"http://127.0.0.1:{_options.Ports.WorkerMetrics}/metrics");

    public Task<BenchServer> WorkerAsync(CancellationToken cancellationToken)
    {
        var options = _options with
        {
            WorkerSettings = new Dictionary<string, string> { [Settings.WorkerModelStore] = models.Store },
        };
        return StartAsync(
            "worker", options.Ports.Worker, _ => new PlatformCommands(Repository.Find(), options).Worker(), cancellationToken);
    }

    public Task<BenchServer> EchoAsync(CancellationToken cancellationToken) =>
        StartAsync("echo", FreePorts.Pick(1)[0], port => Baseline("echo", port, BaselineServers.Echo), cancellationToken);

    public Task<BenchServer> NaiveAsync(int intraOpThreads, CancellationToken cancellationToken) => StartAsync(
        $"naive{intraOpThreads}",
        FreePorts.Pick(1)[0],
        port => Baseline(
            $"naive{intraOpThreads}",
            port,
            BaselineServers.Naive,
            intraOpThreads.ToString(CultureInfo.InvariantCulture),
            models.Graphs),
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _running.Values)
            await server.DisposeAsync();
    }

    private async Task<BenchServer> StartAsync(
        string name, int port, Func<int, ServiceCommand> command, CancellationToken cancellationToken)
    {
        if (_running.TryGetValue(name, out var running))
            return running;
        return _running[name] = await BenchServer.StartAsync(command(port), port, cancellationToken);
    }

    private static ServiceCommand Baseline(string name, int port, string kind, params string[] more)
    {
        var settings = new Dictionary<string, string>
        {
            // The Web SDK's own choice, which this project's SDK does not make.
            ["DOTNET_gcServer"] = "1",
            ["ORT_DISABLE_TELEMETRY"] = "1",
        };
        var program = typeof(BaselineServers).Assembly.Location;
        string[] arguments = [program, BaselineServers.Verb, kind, port.ToString(CultureInfo.InvariantCulture), .. more];
        var ready = new Uri($"http://127.0.0.1:{port}/");
        return new ServiceCommand(name, "dotnet", arguments, Path.GetDirectoryName(program)!, settings, ready, AnyStatusIsReady: true);
    }
}

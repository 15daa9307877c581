using Serverless.Benchmarks.Serving;
using Serverless.Contracts.Configuration;
using Serverless.Topology.Layout;
using Serverless.Topology.Platform;

namespace Serverless.Benchmarks.Telemetry;

/// <summary>A worker with telemetry settings of its own.</summary>
internal sealed class ObservedWorker(BenchServer server, Uri metrics) : IAsyncDisposable
{
    public BenchServer Server => server;

    /// <summary>Where it serves <c>/metrics</c>.</summary>
    public Uri Metrics => metrics;

    public static async Task<ObservedWorker> StartAsync(
        string store, string folder, Dictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var options = PlatformOptions.Isolated(folder) with
        {
            WorkerKey = null,
            // None: it would try again and again to reach one that is not there, and with telemetry say so each time.
            WorkerSettings = new Dictionary<string, string>(settings) { [Settings.WorkerModelStore] = store, [Settings.ServiceBus] = "" },
        };
        var command = new PlatformCommands(Repository.Find(), options).Worker();
        var server = await BenchServer.StartAsync(command, options.Ports.Worker, cancellationToken);
        return new ObservedWorker(server, new Uri($"http://127.0.0.1:{options.Ports.WorkerMetrics}/metrics"));
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}

using System.Globalization;
using Serverless.SampleModels;
using Serverless.Topology.Layout;
using Serverless.Topology.Platform;
using Serverless.Topology.Processes;

namespace Serverless.Benchmarks.Burst;

/// <summary>How the programs of the suite are started: as they are published, and as their images run them.</summary>
internal static class ColdStarts
{
    /// <summary>Where a worker answers.</summary>
    public const string Path = "/v1/embeddings";

    private const int FillTries = 3;

    // What was loaded is kept after the first answer.
    private static readonly TimeSpan FillTime = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The ports, storage and cache of the suite's worker, which preloads the model: the bare program is told what to load as well. The cache has
    /// the model once a worker has started.
    /// </summary>
    public static async Task<PlatformOptions> OptionsAsync(BurstBench bench, CancellationToken cancellationToken)
    {
        var emulators = await bench.EmulatorsAsync(cancellationToken);
        var options = PlatformOptions.Isolated(System.IO.Path.Combine(bench.Folder, "worker-data")) with
        {
            WorkerKey = null,
            WorkerSettings = new Dictionary<string, string> { ["Worker__Preload__0"] = MiniLm.Name },
        };
        return options with { Ports = options.Ports with { Storage = emulators.Storage.Ports, ServiceBus = emulators.ServiceBus.Ports } };
    }

    /// <summary>Starts of a worker that has the model in its local cache.</summary>
    public static async Task<Func<CancellationToken, Task<ColdAnswer>>> WorkerAsync(BurstBench bench, CancellationToken cancellationToken)
    {
        var options = await OptionsAsync(bench, cancellationToken);
        var program = await bench.PublishedAsync("functions/Serverless.Worker", cancellationToken);
        // Built, it is an assembly of dotnet's; published, a program.
        var command = Published(new PlatformCommands(Repository.Find(), options).Worker() with { Arguments = [] }, program);

        for (var tries = 0; tries < FillTries; tries++)
        {
            if ((await StartAsync(FillTime, cancellationToken)).IsCached)
                break;
        }

        return token => StartAsync(TimeSpan.Zero, token);

        Task<ColdAnswer> StartAsync(TimeSpan linger, CancellationToken token) =>
            ColdProcess.RunAsync(command, options.Ports.Worker, ColdRequest.To(Path), linger, token);
    }

    /// <summary>Starts of the bare program.</summary>
    public static async Task<Func<CancellationToken, Task<ColdAnswer>>> BareAsync(BurstBench bench, CancellationToken cancellationToken)
    {
        var files = await bench.BareFilesAsync(cancellationToken);
        var program = await bench.PublishedAsync("tests/Serverless.BareServer", cancellationToken);
        var port = FreePorts.Pick(1)[0];
        string[] arguments = [port.ToString(CultureInfo.InvariantCulture), files.Graph, files.Vocabulary];
        var settings = new Dictionary<string, string> { ["ORT_DISABLE_TELEMETRY"] = "1" };
        var command = Published(
            new ServiceCommand("bare", program, arguments, bench.Folder, settings, new Uri($"http://127.0.0.1:{port}/")), program);
        return token => ColdProcess.RunAsync(command, port, ColdRequest.To("/"), TimeSpan.Zero, token);
    }

    // The Dockerfile turns diagnostics off.
    private static ServiceCommand Published(ServiceCommand command, string program) => command with
    {
        Program = program,
        WorkingDirectory = System.IO.Path.GetDirectoryName(program)!,
        Environment = new Dictionary<string, string>(command.Environment) { ["DOTNET_EnableDiagnostics"] = "0" },
    };
}

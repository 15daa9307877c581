using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Serverless.SampleModels;
using Serverless.Topology.Containers;
using Serverless.Topology.Layout;
using Serverless.Topology.Platform;
using Serverless.Topology.Processes;

namespace Serverless.Benchmarks.Burst.Lines;

/// <summary>
/// What the way through the ingress adds to a start: a request that comes when there is no replica, beside the same start alone. The clocks of
/// the rules and probes run at their fastest: what they take in Azure is Azure's to choose.
/// </summary>
internal static class HeldLine
{
    private const string Metric = "held_overhead_ms";
    private const double Speed = 100;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static BurstLine Line { get; } = new(Metric, MeasureAsync);

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(BurstBench bench, CancellationToken cancellationToken)
    {
        var alone = await ColdStarts.WorkerAsync(bench, cancellationToken);
        var options = await ColdStarts.OptionsAsync(bench, cancellationToken) with { Replicas = new WorkerReplicas { Max = 1, Speed = Speed } };
        var program = await bench.PublishedAsync("functions/Serverless.Worker", cancellationToken);
        await using var host = await ServiceProcess.StartAsync(Published(new PlatformCommands(Repository.Find(), options).ContainerHost(), program));
        await host.WaitUntilReadyAsync(TimeSpan.FromSeconds(60), cancellationToken);
        using var status = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{options.Ports.ContainerHost.Management}") };

        // The first of each is not counted.
        await HeldAsync();
        await AloneAsync();
        var (held, start) = await PairedRun.MedianAsync(bench.Options.Rounds, HeldAsync, AloneAsync);
        return
        [
            new Figure("burst", Metric, held - start, "ms") { Model = MiniLm.Name, Ours = held, Baseline = start, N = bench.Options.Rounds },
        ];

        async Task<double> AloneAsync() => (await alone(cancellationToken)).Answered.TotalMilliseconds;

        async Task<double> HeldAsync()
        {
            while ((await status.GetFromJsonAsync<ContainerStatus>("/status", cancellationToken))!.Running > 0)
                await Task.Delay(Look, cancellationToken);
            return (await AskAsync(options.Ports.ContainerHost.Ingress, cancellationToken)).Answered.TotalMilliseconds;
        }
    }

    private static async Task<ColdAnswer> AskAsync(int port, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        var answer = await ColdRequest.SendAsync(socket, ColdRequest.To(ColdStarts.Path), cancellationToken);
        return ColdAnswer.Parse(answer, listening: TimeSpan.Zero, Stopwatch.GetElapsedTime(started));
    }

    // The replicas are the published worker with the suite's cache, and inherit what the image sets.
    private static ServiceCommand Published(ServiceCommand command, string program) => command with
    {
        Environment = new Dictionary<string, string>(command.Environment.Where(setting => setting.Key != "ContainerHost__Replica__Arguments__0"))
        {
            ["DOTNET_EnableDiagnostics"] = "0",
            ["ContainerHost__Replica__Program"] = program,
            ["ContainerHost__Replica__WorkingDirectory"] = Path.GetDirectoryName(program)!,
        },
    };
}

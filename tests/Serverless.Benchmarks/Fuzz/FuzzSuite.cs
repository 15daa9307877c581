using System.Globalization;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;
using Serverless.TestKit.Fuzzing;
using Serverless.TestKit.Onnx;
using Serverless.Topology.Layout;
using Serverless.Topology.Processes;

namespace Serverless.Benchmarks.Fuzz;

/// <summary>
/// A hundred thousand broken requests to a real worker process: no answer may be a 5xx, the process must live, and its memory must not grow.
/// </summary>
internal sealed class FuzzSuite : IBenchmarkSuite
{
    private const int Seed = 20260;
    private const int WarmUp = 20_000;
    private const int Requests = 100_000;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    public string Name => "fuzz";

    public async Task RunAsync(FigureWriter figures, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await PushAsync(folder, cancellationToken);
        var ports = FreePorts.Pick(2);
        await using var worker = await StartAsync(folder, ports, cancellationToken);
        figures.Say($"fuzz: {WarmUp} requests to warm up");
        await FuzzRun.RunAsync(ports[0], Seed, WarmUp, cancellationToken);
        var before = ResidentMegabytes(worker);
        figures.Say($"fuzz: {Requests} requests");
        var answers = await FuzzRun.RunAsync(ports[0], Seed * 2, Requests, cancellationToken);
        var statuses = answers.Statuses;
        foreach (var (status, count) in statuses.OrderBy(pair => pair.Key))
            figures.Say($"fuzz: {count} × {status}");
        Write(figures, "requests", statuses.Values.Sum(), "request");
        Write(figures, "answers_5xx", statuses.Where(pair => pair.Key >= 500).Sum(pair => pair.Value), "answer");
        Write(figures, "answers_2xx", statuses.Where(pair => pair.Key / 100 == 2).Sum(pair => pair.Value), "answer");
        Write(figures, "closed_without_answer", statuses.GetValueOrDefault(0), "connection");
        Write(figures, "whole_closed_without_answer", answers.Silent, "connection");
        Write(figures, "crashes", worker.Exited.IsCompleted ? 1 : 0, "crash");
        Write(figures, "growth_mb", ResidentMegabytes(worker) - before, "MB");
    }

    private void Write(FigureWriter figures, string metric, double value, string unit) =>
        figures.Write(new Figure(Name, metric, value, unit));

    private static async Task PushAsync(TemporaryFolder folder, CancellationToken cancellationToken)
    {
        var file = OnnxGraphs.Add().WriteTo(folder.File("add.onnx"));
        using var prepared = await GraphPreparation.RunAsync(file, new PreparationOptions { MaxBatch = 1 }, null, cancellationToken);
        await new ModelPublisher(ModelStores.InFolder(folder.File("store")))
            .PublishAsync(prepared.ToDraft(FuzzSeeds.Model, []), cancellationToken: cancellationToken);
    }

    private static async Task<ServiceProcess> StartAsync(TemporaryFolder folder, int[] ports, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>
        {
            ["Worker__Url"] = Url(ports[0]),
            ["Worker__GrpcUrl"] = string.Empty,
            ["Worker__MetricsUrl"] = Url(ports[1]),
            ["Worker__ModelStore"] = folder.File("store"),
            ["Logging__LogLevel__Default"] = "Error",
            ["ORT_DISABLE_TELEMETRY"] = "1",
        };
        var program = Repository.Find().AssemblyOf("functions/Serverless.Worker");
        var worker = await ServiceProcess.StartAsync(
            new ServiceCommand("worker", "dotnet", [program], folder.Path, settings, new Uri($"{Url(ports[0])}/v2/health/ready")),
            line => Console.Error.WriteLine(line));
        await worker.WaitUntilReadyAsync(StartLimit, cancellationToken);
        return worker;
    }

    private static string Url(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    private static double ResidentMegabytes(ServiceProcess worker)
    {
        using var process = System.Diagnostics.Process.GetProcessById(worker.Id);
        return process.WorkingSet64 / (1024.0 * 1024.0);
    }
}

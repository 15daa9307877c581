using System.Globalization;
using System.Net.Http.Json;
using Azure.Storage.Blobs;
using Serverless.Contracts.Configuration;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;
using Serverless.Topology.Layout;
using Serverless.Topology.Platform;
using Serverless.Topology.Processes;

namespace Serverless.Benchmarks.ColdStart;

/// <summary>Ten models served by one worker whose memory holds three: models come and go, requests do not fail.</summary>
internal static class BudgetServing
{
    private const int Models = 10;
    private const int Clients = 4;
    private const int Requests = 400;

    // 256 → 4096 → 256 in FP32 is 8.4 MB of weights.
    private const int Width = 256;
    private const int Hidden = 4096;

    public static async Task RunAsync(FigureWriter figures, AzuriteFixture azurite, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var memory = await PublishAsync(azurite.ConnectionString, folder, cancellationToken);
        var options = PlatformOptions.Isolated(folder.Path) with { WorkerKey = null };
        options = options with
        {
            Ports = options.Ports with { Storage = azurite.Ports },
            WorkerSettings = new Dictionary<string, string>
            {
                [Settings.WorkerMemoryBudgetBytes] = (memory * 7 / 2).ToString(CultureInfo.InvariantCulture),
            },
        };
        await using var worker = await ServiceProcess.StartAsync(new PlatformCommands(Repository.Find(), options).Worker());
        await worker.WaitUntilReadyAsync(TimeSpan.FromSeconds(60), cancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{options.Ports.Worker}") };

        var failed = 0;
        var picks = new Random(7);
        var order = Enumerable.Range(0, Requests).Select(_ => picks.Next(Models)).ToArray();
        await Parallel.ForEachAsync(
            order, new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = cancellationToken }, async (model, token) =>
            {
                if (!await AskAsync(client, model, token))
                    Interlocked.Increment(ref failed);
            });
        var loads = await LoadsAsync(options.Ports.WorkerMetrics, cancellationToken);
        figures.Write(new Figure("coldstart", "budget_failed_requests", failed, "requests") { Model = "mlp", N = Requests });
        figures.Write(new Figure("coldstart", "budget_loads", loads, "loads") { Model = "mlp", N = Requests });
    }

    private static async Task<long> PublishAsync(string storage, TemporaryFolder folder, CancellationToken cancellationToken)
    {
        var publisher = new ModelPublisher(ModelStores.InBlobStorage(new BlobServiceClient(storage)));
        long memory = 0;
        for (var model = 0; model < Models; model++)
        {
            var graph = OnnxGraphs.Mlp(Width, Hidden, Width, seed: model + 1).WriteTo(folder.File($"mlp-{model}.onnx"));
            using var prepared = await GraphPreparation.RunAsync(
                graph, new PreparationOptions { MaxBatch = 1 }, progress: null, cancellationToken);
            memory = Math.Max(memory, prepared.MemoryBytes);
            await publisher.PublishAsync(prepared.ToDraft($"mlp-{model}", []), progress: null, cancellationToken);
        }

        return memory;
    }

    private static async Task<bool> AskAsync(HttpClient client, int model, CancellationToken cancellationToken)
    {
        var inputs = new[] { new { name = "x", shape = new[] { 1, Width }, datatype = "FP32", data = new float[Width] } };
        using var response = await client.PostAsJsonAsync($"/v2/models/mlp-{model}/infer", new { inputs }, cancellationToken);
        return response.IsSuccessStatusCode;
    }

    private static async Task<double> LoadsAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        var text = await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), cancellationToken);
        return text.Split('\n')
            .Where(line => line.StartsWith("serverless_inference_loads{", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }
}

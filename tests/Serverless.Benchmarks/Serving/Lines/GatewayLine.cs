using Azure.Storage.Blobs;
using Serverless.LoadGenerator;
using Serverless.Models.Storage;
using Serverless.Topology.Platform;

namespace Serverless.Benchmarks.Serving.Lines;

/// <summary>What the Functions host and the gateway add to one request after another.</summary>
internal static class GatewayLine
{
    private const int Count = 2_000;
    private const int Rounds = 5;

    public static ServingLine Line { get; } = new(["gateway_added_p50_ms"], ServingModel.Mlp, MeasureAsync);

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(ServingBench bench, CancellationToken cancellationToken)
    {
        var model = await bench.Models.GetAsync(ServingModel.Mlp, cancellationToken);
        var folder = Path.Combine(bench.Folder, "platform");
        await using var platform = await LocalPlatform.StartAsync(PlatformOptions.Isolated(folder) with { WorkerKey = null }, null, cancellationToken);
        var store = ModelStores.InBlobStorage(new BlobServiceClient(platform.StorageConnectionString));
        await ServingModels.PublishAsync(model, store, cancellationToken);

        var extras = new RequestExtras($"Authorization: Bearer {platform.Options.ApiKey}\r\n");
        var file = bench.File("gateway", () => model.Rows.Select(row => Requests.Json(model.Name, row, extras)));
        // One round unmeasured on each side: the first compiles and loads the model.
        await P50Async(platform.Options.Ports.Functions);
        await P50Async(platform.Options.Ports.Worker);
        var (through, alone) = await PairedRun.MedianAsync(
            Rounds, () => P50Async(platform.Options.Ports.Functions), () => P50Async(platform.Options.Ports.Worker));
        return
        [
            new Figure("serving", "gateway_added_p50_ms", through - alone, "ms")
            {
                Model = model.Name,
                Ours = through,
                Baseline = alone,
                N = Rounds,
            },
        ];

        async Task<double> P50Async(int port)
        {
            var result = await bench.Generator.RunAsync(new LoadJob([new StreamJob(port, file, Connections: 1, Count)]), cancellationToken);
            var stream = result.Streams[0];
            return stream.Ok == Count
                ? stream.P50
                : throw new InvalidRunException($"not every request was answered with 200: {string.Join(", ", stream.Statuses)}.");
        }
    }
}

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
        await using var platform = await LocalPlatform.StartAsync(PlatformOptions.Isolated(folder), null, cancellationToken);
        var store = ModelStores.InBlobStorage(new BlobServiceClient(platform.StorageConnectionString));
        await ServingModels.PublishAsync(model, store, cancellationToken);

        var extras = new RequestExtras($"Authorization: Bearer {platform.Options.ApiKey}\r\n");
        var file = bench.File("gateway", () => model.Rows.Select(row => Requests.Json(model.Name, row, extras)));
        var (through, alone) = await PairedRun.MedianAsync(
            Rounds + 1, () => P50Async(platform.Options.Ports.Functions), () => P50Async(platform.Options.Ports.Worker));
        return [new Figure("serving", "gateway_added_p50_ms", through - alone, "ms") { Model = model.Name, Ours = through, Baseline = alone, N = Rounds + 1 }];

        async Task<double> P50Async(int port)
        {
            var result = await bench.Generator.RunAsync(new LoadJob([new StreamJob(port, file, Connections: 1, Count)]), cancellationToken);
            return result.Streams[0].Ok == Count
                ? result.Streams[0].P50
                : throw new InvalidRunException($"Not every request was answered with 200: {string.Join(", ", result.Streams[0].Statuses)}.");
        }
    }
}

using Azure.Storage.Blobs;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;

namespace Serverless.Benchmarks.Batch;

/// <summary>Batch jobs on the gateway's side: how long validation takes, and how much memory a large input needs.</summary>
internal sealed class BatchSuite : IBenchmarkSuite
{
    private const string Model = "nothing";
    private const int Lines = 50_000;

    // Lines of 4,000 characters make the largest input that is taken: 50,000 lines in just under 200 MB.
    private const int ShortText = 100;
    private const int LongText = 4_000;

    public string Name => "batch";

    public async Task RunAsync(FigureWriter figures, CancellationToken cancellationToken)
    {
        figures.Write(new Figure(Name, "validate_shard_seconds", (await RunAsync(ShortText, cancellationToken)).Seconds, "s"));
        var (seconds, peak) = await RunAsync(LongText, cancellationToken);
        figures.Write(new Figure(Name, "gateway_peak_mb", peak, "MB"));
        figures.Write(new Figure(Name, "validate_shard_200mb_seconds", seconds, "s"));
    }

    private static async Task<(double Seconds, double Peak)> RunAsync(int text, CancellationToken cancellationToken)
    {
        await using var load = await GatewayLoad.StartAsync(cancellationToken);
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("model.onnx"), "never loaded", cancellationToken);
        var store = ModelStores.InBlobStorage(new BlobServiceClient(load.StorageConnectionString));
        await new ModelPublisher(store).PublishAsync(new PackageDraft(Model, folder.File("model.onnx")), cancellationToken: cancellationToken);
        var seconds = await load.ValidateAsync(Model, Lines, text, cancellationToken);
        return (seconds, await load.PeakMegabytesAsync(cancellationToken));
    }
}

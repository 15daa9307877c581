using Azure.Storage.Blobs;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.SampleModels;
using Serverless.TestKit;
using Serverless.TestKit.Jobs;
using Serverless.TestKit.Onnx;
using Serverless.Topology.Platform;

namespace Serverless.Benchmarks.Batch;

/// <summary>A platform with the models of the suite, and the lines that its jobs have.</summary>
internal sealed class BatchBench : IAsyncDisposable
{
    /// <summary>The graph that counts up to a number before it answers.</summary>
    public const string Counter = "counter";

    public const string Embeddings = "/v1/embeddings";

    private readonly TemporaryFolder _folder;

    private BatchBench(TemporaryFolder folder, LocalPlatform platform, StorageRequests requests, FigureWriter figures)
    {
        (_folder, Platform, StorageRequests, Figures) = (folder, platform, requests, figures);
        Store = ModelStores.InBlobStorage(new BlobServiceClient(platform.StorageConnectionString));
        Client = new BatchClient(platform.ApiUrl, platform.Options.ApiKey);
    }

    public LocalPlatform Platform { get; }

    /// <summary>What the storage account was asked so far.</summary>
    public StorageRequests StorageRequests { get; }

    public FigureWriter Figures { get; }

    public IModelStore Store { get; }

    public BatchClient Client { get; }

    /// <summary>One for each line, the same every time.</summary>
    public string[] Texts { get; private set; } = [];

    public static async Task<BatchBench> StartAsync(int lines, FigureWriter figures, CancellationToken cancellationToken)
    {
        var folder = new TemporaryFolder();
        try
        {
            var requests = new StorageRequests();
            var options = PlatformOptions.Isolated(folder.Path) with { StorageLog = true };
            var platform = await LocalPlatform.StartAsync(options, requests.Read, cancellationToken);
            var bench = new BatchBench(folder, platform, requests, figures);
            bench.Texts = BatchLines.Texts(await bench.PushAsync(), lines);
            return bench;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Writes one figure of the suite.</summary>
    public void Write(string metric, double value, string unit, string model = "-", double? ours = null, double? baseline = null) =>
        Figures.Write(new Figure(BatchSuite.SuiteName, metric, value, unit) { Model = model, Ours = ours, Baseline = baseline });

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Platform.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Pushes both models; the path of MiniLM's vocabulary.</summary>
    private async Task<string> PushAsync()
    {
        var publisher = new ModelPublisher(Store);
        var (graph, vocabulary) = MiniLm.WriteTo(_folder.File("minilm"));
        using (var prepared = await GraphPreparation.RunAsync(graph, new PreparationOptions { Task = ModelTasks.TextEmbedding }, null, CancellationToken.None))
            await publisher.PublishAsync(prepared.ToDraft(MiniLm.Name, [vocabulary]) with { Task = ModelTasks.TextEmbedding });
        using (var prepared = await GraphPreparation.RunAsync(
            OnnxGraphs.Slow().WriteTo(_folder.File("counter.onnx")), new PreparationOptions { MaxBatch = 1 }, null, CancellationToken.None))
        {
            await publisher.PublishAsync(prepared.ToDraft(Counter, []));
        }

        return vocabulary;
    }
}

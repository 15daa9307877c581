using Azure.Storage.Blobs;
using Serverless.Cli.Models;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.Topology.Platform;

namespace Serverless.Cli.Demo;

/// <summary>Pushes the sample model.</summary>
internal static class PushDemo
{
    public static Task RunAsync(DemoLog log, LocalPlatform platform, CancellationToken cancellationToken) => log.StepAsync(
        "Push MiniLM, optimised and compressed, into Blob Storage",
        async () =>
        {
            using var sample = new SampleDraft();
            var store = ModelStores.InBlobStorage(new BlobServiceClient(platform.StorageConnectionString));
            var options = new PreparationOptions { Task = sample.Source.Task };
            using var prepared = await GraphPreparation.RunAsync(sample.Source.Graph, options, progress: null, cancellationToken);
            var draft = prepared.ToDraft(SampleDraft.Name, sample.Source.Files) with { Task = sample.Source.Task };
            return await new ModelPublisher(store).PublishAsync(draft, cancellationToken: cancellationToken);
        },
        manifest => $"{manifest.Name}:{manifest.Version}, {FileSize.Of(manifest.TotalSize)}, "
            + $"{FileSize.Of(manifest.TotalStoredSize)} stored, {manifest.Batching?.MaxBatch ?? 1} rows proved to run together");
}

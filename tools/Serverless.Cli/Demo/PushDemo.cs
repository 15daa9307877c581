using Azure.Storage.Blobs;
using Serverless.Cli.Models;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.Topology.Platform;

namespace Serverless.Cli.Demo;

/// <summary>Pushes the sample model.</summary>
internal static class PushDemo
{
    public static Task RunAsync(DemoLog log, LocalPlatform platform, CancellationToken cancellationToken) => log.StepAsync(
        "Push MiniLM, compressed, into Blob Storage",
        async () =>
        {
            using var sample = new SampleDraft();
            var store = ModelStores.InBlobStorage(new BlobServiceClient(platform.StorageConnectionString));
            return await new ModelPublisher(store).PublishAsync(sample.Draft, cancellationToken: cancellationToken);
        },
        manifest => $"{manifest.Name}:{manifest.Version}, {FileSize.Of(manifest.Files.Sum(file => file.Size))}, "
            + $"{FileSize.Of(manifest.Files.Sum(file => file.StoredSize))} stored");
}

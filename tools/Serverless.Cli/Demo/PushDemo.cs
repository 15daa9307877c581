using Azure.Storage.Blobs;
using Serverless.Cli.Models;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.SampleModels;
using Serverless.Topology.Platform;

namespace Serverless.Cli.Demo;

/// <summary>Pushes MiniLM, a real text embedder of 22 million parameters, from its NuGet package.</summary>
internal static class PushDemo
{
    public static async Task RunAsync(DemoLog log, LocalPlatform platform, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("infer-demo-model-");
        try
        {
            await log.StepAsync(
                "Push MiniLM, compressed, into Blob Storage",
                () => PushAsync(platform.StorageConnectionString, folder.FullName, cancellationToken),
                manifest => $"{manifest.Name}:{manifest.Version}, {FileSize.Of(manifest.Files.Sum(file => file.Size))}, "
                    + $"{FileSize.Of(manifest.Files.Sum(file => file.StoredSize))} stored");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<ModelManifest> PushAsync(string storage, string folder, CancellationToken cancellationToken)
    {
        var (graph, vocabulary) = MiniLm.WriteTo(folder);
        var draft = ModelDrafts.FromFiles(MiniLm.Name, graph, [vocabulary]) with { Task = ModelTasks.TextEmbedding };
        var store = ModelStores.InBlobStorage(new BlobServiceClient(storage));
        return await new ModelPublisher(store).PublishAsync(draft, cancellationToken: cancellationToken);
    }
}

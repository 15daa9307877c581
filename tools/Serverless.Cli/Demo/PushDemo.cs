using Azure.Storage.Blobs;
using Serverless.Cli.Models;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.Topology.Platform;

namespace Serverless.Cli.Demo;

/// <summary>Pushes the sample models: one that embeds sentences, one that writes text.</summary>
internal static class PushDemo
{
    public static async Task RunAsync(DemoLog log, LocalPlatform platform, CancellationToken cancellationToken)
    {
        var store = ModelStores.InBlobStorage(new BlobServiceClient(platform.StorageConnectionString));
        using var miniLm = SampleDraft.Of(SampleModels.MiniLm.Name);
        using var tinyLm = SampleDraft.Of(SampleModels.TinyLm.Name);
        await log.StepAsync(
            "Push MiniLM, optimised and compressed, into Blob Storage",
            () => PushAsync(store, SampleModels.MiniLm.Name, miniLm.Source, cancellationToken),
            manifest => $"{Describe(manifest)}, {manifest.Batching?.MaxBatch ?? 1} rows proved to run together");
        await log.StepAsync(
            "Push TinyLm, which was trained on the King James Bible",
            () => PushAsync(store, SampleModels.TinyLm.Name, tinyLm.Source, cancellationToken),
            manifest => $"{Describe(manifest)}, a context of {manifest.Decoder?.ContextLength} tokens");
    }

    private static async Task<ModelManifest> PushAsync(
        IModelStore store, string name, PushSource source, CancellationToken cancellationToken)
    {
        var options = new PreparationOptions { Task = source.Task };
        using var prepared = await GraphPreparation.RunAsync(source.Graph, options, progress: null, cancellationToken);
        var draft = prepared.ToDraft(name, source.Files) with { Task = source.Task };
        return await new ModelPublisher(store).PublishAsync(draft, cancellationToken: cancellationToken);
    }

    private static string Describe(ModelManifest manifest) =>
        $"{manifest.Name}:{manifest.Version}, {FileSize.Of(manifest.TotalSize)}, {FileSize.Of(manifest.TotalStoredSize)} stored";
}

using Azure.Storage.Blobs;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Codecs;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;

namespace Serverless.Benchmarks.ColdStart;

/// <summary>A model in every form that the suite starts it from, all in one storage account.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Original">The .onnx file as its authors made it.</param>
/// <param name="Raw">Its prepared weights as they lie in memory, for the floor.</param>
/// <param name="Lossless">The package, bit for bit.</param>
/// <param name="Fp16">The package with weights at rest in half precision.</param>
/// <param name="Int8">The package with weights at rest as int8 with block scales.</param>
internal sealed record ColdModel(
    string Name, BlobClient Original, BlobClient Raw, ModelManifest Lossless, ModelManifest Fp16, ModelManifest Int8)
{
    public static async Task<ColdModel> PublishAsync(
        BlobServiceClient account, string name, string graph, string? task, CancellationToken cancellationToken)
    {
        var container = account.GetBlobContainerClient("baseline");
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var original = container.GetBlobClient(name + ".onnx");
        await original.UploadAsync(graph, overwrite: true, cancellationToken);

        var options = new PreparationOptions { Task = task, BindToProcessor = true, MaxBatch = 1 };
        using var prepared = await GraphPreparation.RunAsync(graph, options, progress: null, cancellationToken);
        var raw = container.GetBlobClient(name + ".weights");
        await raw.UploadAsync(prepared.WeightsFile!, overwrite: true, cancellationToken);
        return new ColdModel(
            name, original, raw, await PublishAsync(LossyCodec.None), await PublishAsync(LossyCodec.Fp16), await PublishAsync(LossyCodec.Int8Block));

        // On the loopback interface bytes are nearly free: a codec has to pay at the speed of a storage account, 100 MB/s, all the same.
        Task<ModelManifest> PublishAsync(LossyCodec lossy) => new ModelPublisher(ModelStores.InBlobStorage(account)).PublishAsync(
            prepared.ToDraft(name, []) with { Codecs = new CodecPolicy { Lossy = lossy } }, progress: null, cancellationToken);
    }
}

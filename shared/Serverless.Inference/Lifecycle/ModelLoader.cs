using System.Diagnostics;
using Microsoft.Extensions.Options;
using Serverless.Inference.Diagnostics;
using Serverless.Inference.Embeddings;
using Serverless.Inference.Execution;
using Serverless.Inference.Onnx;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Inference.Lifecycle;

/// <summary>Unpacks a package into a folder, verifying it, and builds the session from there.</summary>
internal sealed class ModelLoader(
    IModelStore store, IOptions<InferenceOptions> options, ExecutionProviderChoice provider, InferenceMetrics metrics, TimeProvider time)
    : IModelLoader
{
    public async Task<LoadedModel?> LoadAsync(string name, int version, CancellationToken cancellationToken)
    {
        using var activity = InferenceTelemetry.Source.StartActivity("load model");
        activity?.SetTag("model.name", name);
        activity?.SetTag("model.version", version);
        try
        {
            var manifest = await store.FindManifestAsync(name, version, cancellationToken);
            return manifest is null ? null : await LoadAsync(manifest, cancellationToken);
        }
        catch (Exception error)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error.Message);
            metrics.LoadFailed(name);
            throw;
        }
    }

    private async Task<LoadedModel> LoadAsync(ModelManifest manifest, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var folder = new PackageFolder(options.Value.ScratchFolder);
        var fetch = TimeSpan.Zero;
        foreach (var file in manifest.Files)
        {
            await using var target = folder.Create(file.Path);
            fetch += await store.CopyFileAsync(manifest, file, target, cancellationToken);
        }

        var unpacked = time.GetTimestamp();
        var session = await Task.Run(() => OnnxSession.Open(folder.PathOf(manifest.Graph().Path), provider.Provider), cancellationToken);
        try
        {
            var embedder = manifest.Task == ModelTasks.TextEmbedding
                ? TextEmbedder.Create(manifest, session.Signature, folder.Path)
                : null;
            var timings = new LoadTimings(fetch, time.GetElapsedTime(started, unpacked) - fetch, time.GetElapsedTime(unpacked));
            metrics.Loaded(manifest.Name, timings);
            var instance = new ModelInstance(manifest.Name, session, options.Value.QueueCapacity, time, metrics);
            return new LoadedModel(manifest, instance, embedder, timings);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}

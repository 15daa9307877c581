using System.Text;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Models;
using Serverless.Inference.Embeddings;
using Serverless.Inference.Execution;
using Serverless.Inference.Execution.Batching;
using Serverless.Inference.Generation;
using Serverless.Inference.Generation.Memory;
using Serverless.Inference.Generation.Text;
using Serverless.Inference.Onnx;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Inference.Lifecycle;

/// <summary>Loads a package, builds the session over its memory and runs it once.</summary>
internal sealed class ModelLoader(
    IModelStore store,
    IPackageLoader packages,
    IOptions<InferenceOptions> options,
    ExecutionProviderChoice provider,
    LoadMeter meter,
    GenerationMetrics generation)
    : IModelLoader
{
    private readonly GeneratorLoader _generators = new(options.Value.Generation, generation, meter.Time);

    public async Task<FoundVersion?> FindAsync(string name, int version, CancellationToken cancellationToken)
    {
        // 2 ms from a store on this machine, ten times that from another: meanwhile a load from the local cache could be done.
        var published = store.FindManifestAsync(name, version, cancellationToken);
        var manifest = packages.Recall(name, version) ?? await published;
        return manifest is null ? null : new FoundVersion(manifest, published);
    }

    public int? Recall(ModelReference reference) => packages.Recall(reference);

    public void Keep(ModelReference reference, int? version)
    {
        if (version is { } known)
            packages.Keep(reference, known);
        else
            packages.Forget(reference);
    }

    public async Task<LoadedModel?> LoadAsync(FoundVersion found, Action warmingUp, CancellationToken cancellationToken)
    {
        var load = LoadAsync(found.Manifest, warmingUp, cancellationToken);
        ModelManifest? published = null;
        try
        {
            published = await found.Published;
        }
        finally
        {
            if (published?.Digest != found.Manifest.Digest)
                await DropAsync(load);
        }

        if (published is null)
        {
            // Asked for again, it must not make other models leave for a load that comes to nothing.
            packages.Forget(found.Manifest.Name, found.Manifest.Version);
            return null;
        }

        return await (published.Digest == found.Manifest.Digest ? load : LoadAsync(published, static () => { }, cancellationToken));
    }

    private static async Task DropAsync(Task<LoadedModel> load)
    {
        await ((Task)load).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!load.IsCompletedSuccessfully)
            return;
        load.Result.Release();
        await load.Result.Gone;
    }

    private async Task<LoadedModel> LoadAsync(ModelManifest manifest, Action warmingUp, CancellationToken cancellationToken)
    {
        using var load = meter.Start(manifest);
        try
        {
            // On the CPU kernels run over the package's memory; a device has memory of its own, and is filled from a file.
            var place = provider.Provider == ExecutionProvider.Cpu ? WeightsPlace.Memory : WeightsPlace.File;
            // A graph that is still to be optimised is built from all of its weights.
            var package = OptimizationMatch.IsComplete(manifest.Optimization, provider.Provider)
                ? await packages.BeginAsync(manifest, place, cancellationToken)
                : await packages.LoadAsync(manifest, place, cancellationToken);
            // Built while look-up tables come in. Not cancelled half-way: what is there has an owner only once it is built.
            var opening = Task.Run(() => OpenAsync(package), CancellationToken.None);
            var arrival = package.Arrival;
            await ((Task)arrival).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!arrival.IsCompletedSuccessfully)
            {
                // An error of the session's own stops the arrival, and is the one to tell.
                (await opening).Session.Dispose();
            }

            load.Fetched(await arrival);
            meter.WatchCaching(package);
            var opened = await opening;
            load.SessionBuilt();
            return await Task.Run(() => Start(opened, package, load, warmingUp), CancellationToken.None);
        }
        catch (Exception error)
        {
            load.Fail(error);
            throw;
        }
    }

    private async Task<OpenedPackage> OpenAsync(LoadedPackage package)
    {
        var manifest = package.Manifest;
        var vocabulary = VocabularyOf(package);
        var text = TextOf(package);
        var tokenizer = manifest.Task == ModelTasks.TextEmbedding ? Task.Run(() => TextEmbedder.LoadTokenizer(manifest, vocabulary)) : null;
        var session = PackageSession.Open(PackageGraph.Of(package), provider.Provider, _generators.ThreadsOf(manifest));
        try
        {
            var signature = manifest.Stages is null ? session.Signature : new OnnxSignature(manifest.Inputs, manifest.Outputs);
            var embedder = tokenizer is null ? null : TextEmbedder.Create(signature, await tokenizer);
            return new OpenedPackage(session, embedder, text);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private LoadedModel Start(OpenedPackage opened, LoadedPackage package, LoadInProgress load, Action warmingUp)
    {
        var (session, embedder, text) = opened;
        var manifest = package.Manifest;
        IDecoder? decoder = null;
        try
        {
            warmingUp();
            if (manifest.Decoder is { } record)
                decoder = _generators.Open(session, record);
            else
                WarmUp.Run(session);
            var timings = load.Complete();
            var serving = new ServingContext(new ServingMeter(manifest.Name, meter.Metrics, meter.Time), meter.Time, options.Value.Serving.For(provider.Provider));
            var instance = new ModelInstance(manifest.Name, session, BatchPlan.Of(manifest, session.Signature), serving);
            var label = meter.Metrics.Versions.Of(manifest.Name, manifest.Version);
            var generator = decoder is null || text is null ? null : _generators.Create(manifest, label, text, decoder, serving.Meter);
            if (generator is null)
                decoder?.Dispose();
            return new LoadedModel(manifest, instance, embedder, timings)
            {
                Kept = package.Cached,
                Generator = generator,
                VersionLabel = label,
            };
        }
        catch
        {
            decoder?.Dispose();
            session.Dispose();
            throw;
        }
    }

    private static PackageText? TextOf(LoadedPackage package)
    {
        try
        {
            return GeneratorLoader.ReadText(package);
        }
        catch
        {
            package.Dispose();
            throw;
        }
    }

    // Read before the session takes the package over.
    private static string? VocabularyOf(LoadedPackage package) =>
        package.Manifest.Files.Any(file => file.Path == TextEmbedder.Vocabulary)
            ? Encoding.UTF8.GetString(package.FileOf(TextEmbedder.Vocabulary).Span)
            : null;

    private sealed record OpenedPackage(OnnxSession Session, TextEmbedder? Embedder, PackageText? Text);
}

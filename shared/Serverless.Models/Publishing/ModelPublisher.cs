using Serverless.Models.Codecs;
using Serverless.Models.Integrity;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Models.Publishing;

/// <summary>
/// Publishes models: contents first, under their hashes, the manifest last. A process that dies on the way leaves objects that nothing
/// names and that a retry finds; two that publish at once get two numbers.
/// </summary>
public sealed class ModelPublisher
{
    // What a push has in common with older versions than these it has in common with one of these too.
    private const int VersionsCompared = 4;

    private readonly ModelStore _store;

    /// <summary>A publisher to <paramref name="store"/>, one that <see cref="ModelStores"/> opened.</summary>
    public ModelPublisher(IModelStore store)
    {
        _store = store as ModelStore
            ?? throw new ArgumentException("Only stores opened by ModelStores can be published to.", nameof(store));
    }

    /// <summary>Publishes <paramref name="draft"/> as the next version of its model.</summary>
    /// <returns>The manifest as published.</returns>
    /// <exception cref="ArgumentException">The draft breaks a rule; nothing was published.</exception>
    public async Task<ModelManifest> PublishAsync(
        PackageDraft draft, IProgress<PublishProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        DraftCheck.Check(draft);
        var started = _store.Time.GetTimestamp();
        var uploader = new ContentUploader(_store, draft.Name);
        var graph = await uploader.UploadFileAsync(Path.GetFileName(draft.GraphFile), draft.GraphFile, progress, cancellationToken);
        var files = new List<ModelFile>();
        foreach (var (path, local) in draft.Files)
            files.Add(await uploader.UploadFileAsync(path, local, progress, cancellationToken));
        var chunks = await UploadWeightsAsync(draft, uploader, progress, cancellationToken);
        var manifest = Describe(draft, graph, files, chunks);
        if (_store.Time.GetElapsedTime(started) > ModelStore.SweepAge / 4)
            await KeepAsync(manifest, uploader, cancellationToken);
        var version = await _store.PublishAsync(manifest, cancellationToken);
        return await _store.FindManifestAsync(draft.Name, version, cancellationToken)
            ?? throw new InvalidOperationException($"{draft.Name}:{version} was deleted while it was being published.");
    }

    private async Task<IReadOnlyList<WeightChunk>> UploadWeightsAsync(
        PackageDraft draft, ContentUploader uploader, IProgress<PublishProgress>? progress, CancellationToken cancellationToken)
    {
        if (draft.WeightsFile is not { } path)
            return [];
        var known = await FindKnownChunksAsync(draft.Name, cancellationToken);
        var plan = ChunkPlan.Make(draft.Weights, new FileInfo(path).Length, draft.Codecs.Lossy);
        return await new WeightsUploader(uploader, new ContentEncoder(draft.Codecs, _store.Time), known, progress)
            .UploadAsync(path, plan, cancellationToken);
    }

    // What a long push wrote at its beginning may be old enough by its end to be swept up with what another push left behind.
    private static async Task KeepAsync(ModelManifest manifest, ContentUploader uploader, CancellationToken cancellationToken)
    {
        foreach (var content in manifest.Contents())
        {
            if (!await uploader.TryKeepAsync(content.StoredSha256, content.StoredSize, cancellationToken))
                throw new IOException($"A part of {manifest.Name} was deleted from the store while the push went on; push it again.");
        }
    }

    // By the hash of what they decode to. A lossy chunk is not what its source was, so it cannot stand for any.
    private async Task<IReadOnlyDictionary<string, WeightChunk>> FindKnownChunksAsync(string name, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, WeightChunk>(StringComparer.Ordinal);
        foreach (var version in (await _store.ListVersionsAsync(name, cancellationToken)).Take(VersionsCompared))
        {
            try
            {
                foreach (var chunk in (await _store.FindManifestAsync(name, version, cancellationToken))?.Chunks ?? [])
                {
                    if (!PackageCodecs.IsLossy(chunk.Codec))
                        known.TryAdd(chunk.Sha256, chunk);
                }
            }
            catch (ModelIntegrityException)
            {
                // A broken version must not keep the next one from being published.
            }
        }

        return known;
    }

    private static ModelManifest Describe(
        PackageDraft draft, ModelFile graph, IReadOnlyList<ModelFile> files, IReadOnlyList<WeightChunk> chunks) => new()
        {
            Format = draft.Stages is null ? ModelManifest.CurrentFormat : ModelManifest.StagedFormat,
            Name = draft.Name,
            Task = draft.Task,
            Graph = graph,
            Files = files,
            Chunks = chunks,
            Inputs = draft.Inputs,
            Outputs = draft.Outputs,
            Labels = draft.Labels,
            Optimization = draft.Optimization,
            Batching = draft.Batching,
            Decoder = draft.Decoder,
            Lineage = draft.Lineage,
            Stages = draft.Stages,
            MemoryBytes = draft.MemoryBytes,
            Weights = draft.Weights,
        };
}

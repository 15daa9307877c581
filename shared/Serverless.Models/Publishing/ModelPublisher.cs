using Serverless.Contracts.Models;
using Serverless.Models.Integrity;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Models.Publishing;

/// <summary>
/// Publishes models: files first, under their hashes, the manifest last. A process that dies on the way leaves files that nothing names;
/// two that publish at once get two numbers.
/// </summary>
public sealed class ModelPublisher
{
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
        ModelDraft draft, IProgress<PublishProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Check(draft);
        var files = new List<ModelFile>();
        foreach (var (path, local) in draft.Files)
            files.Add(await UploadAsync(draft.Name, path, local, progress, cancellationToken));
        var manifest = new ModelManifest
        {
            Name = draft.Name,
            Task = draft.Task,
            Files = files,
            Inputs = draft.Inputs,
            Outputs = draft.Outputs,
            Labels = draft.Labels,
        };
        var version = await _store.PublishAsync(manifest, cancellationToken);
        return await _store.FindManifestAsync(draft.Name, version, cancellationToken)
            ?? throw new InvalidOperationException($"{draft.Name}:{version} was deleted while it was being published.");
    }

    private static void Check(ModelDraft draft)
    {
        if (!ModelName.IsValid(draft.Name))
            throw new ArgumentException($"'{draft.Name}' cannot name a model: names match {ModelName.Pattern}.", nameof(draft));
        if (draft.Task is not null && !ModelTasks.All.Contains(draft.Task))
        {
            throw new ArgumentException(
                $"'{draft.Task}' is not a task: those known are {string.Join(", ", ModelTasks.All)}.", nameof(draft));
        }

        if (draft.Files.Keys.FirstOrDefault(path => !PackagePath.IsValid(path)) is { } bad)
            throw new ArgumentException($"'{bad}' cannot name a file of a package: {PackagePath.Pattern}.", nameof(draft));
        if (draft.Files.Keys.Count(path => path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)) != 1)
            throw new ArgumentException("A package holds exactly one file that ends in .onnx.", nameof(draft));
    }

    private async Task<ModelFile> UploadAsync(
        string model, string path, string local, IProgress<PublishProgress>? progress, CancellationToken cancellationToken)
    {
        await using var source = new FileStream(local, FileMode.Open, FileAccess.Read, FileShare.Read);
        await using var compressed = TemporaryStream();
        var length = source.Length;
        var compressing = Relay(progress, path, PublishStage.Compress, length);
        var (size, sha256) = await FileEncoder.EncodeAsync(source, compressed, compressing, cancellationToken);

        var codec = compressed.Length < size ? FileCodecs.Zstd : FileCodecs.Store;
        Stream content = codec == FileCodecs.Zstd ? compressed : source;
        var blob = ModelLayout.Blob(model, sha256, codec);
        var stored = await _store.Storage.FindAsync(blob, cancellationToken);
        if (stored is null || stored.Size != content.Length || stored.LastModified < _store.Time.GetUtcNow() - (ModelStore.SweepAge / 2))
        {
            content.Position = 0;
            await _store.Storage.WriteAsync(
                blob, content, Relay(progress, path, PublishStage.Upload, content.Length), cancellationToken);
        }

        return new ModelFile { Path = path, Size = size, Sha256 = sha256, Codec = codec, StoredSize = content.Length };
    }

    private static Relayed? Relay(IProgress<PublishProgress>? progress, string file, PublishStage stage, long total) =>
        progress is null ? null : new Relayed(progress, file, stage, total);

    private static FileStream TemporaryStream() => new(
        Path.Combine(Path.GetTempPath(), $"serverless-push-{Guid.NewGuid():N}"),
        FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);

    // Progress<T> would post to a pool and arrive out of order.
    private sealed class Relayed(IProgress<PublishProgress> progress, string file, PublishStage stage, long total) : IProgress<long>
    {
        public void Report(long value) => progress.Report(new PublishProgress(file, stage, value, total));
    }
}

using Serverless.Models.Codecs;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Models.Publishing;

/// <summary>Writes contents under their hashes, once.</summary>
internal sealed class ContentUploader(ModelStore store, string model)
{
    /// <summary>Makes sure that the store has these bytes and keeps them.</summary>
    /// <returns>Whether they had to be written.</returns>
    public async Task<bool> UploadAsync(EncodedContent content, CancellationToken cancellationToken)
    {
        if (await TryKeepAsync(content.StoredSha256, content.Stored.Length, cancellationToken))
            return false;
        await store.Storage.WriteAsync(
            ModelLayout.Blob(model, content.StoredSha256), new MemoryStream(content.Stored), null, cancellationToken);
        return true;
    }

    /// <summary>
    /// Whether the store has the object. One that is old may be about to be swept up because no version uses it any more: it is made young.
    /// </summary>
    public async Task<bool> TryKeepAsync(string storedSha256, long storedSize, CancellationToken cancellationToken)
    {
        var name = ModelLayout.Blob(model, storedSha256);
        var found = await store.Storage.FindAsync(name, cancellationToken);
        if (found is null || found.Size != storedSize)
            return false;
        return found.LastModified > store.Time.GetUtcNow() - (ModelStore.SweepAge / 2)
            || await store.Storage.TryTouchAsync(name, cancellationToken);
    }

    public async Task<ModelFile> UploadFileAsync(
        string path, string local, IProgress<PublishProgress>? progress, CancellationToken cancellationToken)
    {
        var length = new FileInfo(local).Length;
        if (length > FileRules.MaxFileBytes)
            throw new ArgumentException($"'{local}' has {length} bytes where {FileRules.MaxFileBytes} are allowed.", nameof(local));
        var encoded = ContentEncoder.EncodeFile(await File.ReadAllBytesAsync(local, cancellationToken));
        new ProgressMeter(progress, path, length).Add(PublishStage.Compress, length);
        if (await UploadAsync(encoded, cancellationToken))
            new ProgressMeter(progress, path, length).Add(PublishStage.Upload, length);
        return new ModelFile
        {
            Path = path,
            Size = encoded.Size,
            Sha256 = encoded.Sha256,
            Codec = encoded.Codec,
            StoredSize = encoded.Stored.Length,
            StoredSha256 = encoded.StoredSha256,
        };
    }
}

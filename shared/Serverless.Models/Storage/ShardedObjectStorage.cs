using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.Models.Storage;

/// <summary>
/// Spreads contents over several storages, so that a cold start reads from all of them at once; everything else lies in the first, the
/// home. A content goes to the storage whose location and its name together hash highest: a storage that joins takes its share from all
/// others, and none of what stays moves.
/// </summary>
internal sealed class ShardedObjectStorage(IReadOnlyList<IObjectStorage> shards) : IObjectStorage
{
    private IObjectStorage Home => shards[0];

    public string Location => string.Join(';', shards.Select(shard => shard.Location));

    // A content may lie where it belonged before a shard joined. A shard that cannot be asked may have it: only when all others have not is
    // that the answer.
    public async Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        Exception? lost = null;
        foreach (var shard in Order(name))
        {
            try
            {
                if (await shard.OpenAsync(name, cancellationToken) is { } found)
                    return found;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                lost ??= new IOException($"the shard {shard.Location} is lost: {error.Message}", error);
            }
        }

        return lost is null ? null : throw lost;
    }

    public async Task<StoredObject?> FindAsync(string name, CancellationToken cancellationToken) =>
        await Place(name).FindAsync(name, cancellationToken);

    public Task WriteAsync(string name, Stream content, IProgress<long>? progress, CancellationToken cancellationToken) =>
        Place(name).WriteAsync(name, content, progress, cancellationToken);

    public Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        Place(name).TryCreateAsync(name, content, cancellationToken);

    public Task<TaggedContent?> ReadAsync(string name, int limit, CancellationToken cancellationToken) =>
        Place(name).ReadAsync(name, limit, cancellationToken);

    public Task<bool> TryReplaceAsync(string name, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken) =>
        Place(name).TryReplaceAsync(name, content, etag, cancellationToken);

    public Task<bool> TryTouchAsync(string name, CancellationToken cancellationToken) => Place(name).TryTouchAsync(name, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        Task.WhenAll(Order(name).Select(shard => shard.DeleteAsync(name, cancellationToken)));

    public Task DeleteUnchangedAsync(StoredObject found, CancellationToken cancellationToken)
    {
        var at = found.ETag.IndexOf(' ', StringComparison.Ordinal);
        var shard = shards[int.Parse(found.ETag.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture)];
        return shard.DeleteUnchangedAsync(found with { ETag = found.ETag[(at + 1)..] }, cancellationToken);
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 0; i < (ModelLayout.IsBlob(prefix) ? shards.Count : 1); i++)
        {
            // A deletion has to find the shard again that a listing came from.
            await foreach (var found in shards[i].ListAsync(prefix, cancellationToken))
                yield return found with { ETag = string.Create(CultureInfo.InvariantCulture, $"{i} {found.ETag}") };
        }
    }

    public IAsyncEnumerable<string> ListRootsAsync(CancellationToken cancellationToken) => Home.ListRootsAsync(cancellationToken);

    private IObjectStorage Place(string name) => ModelLayout.IsBlob(name) ? Order(name).First() : Home;

    private IEnumerable<IObjectStorage> Order(string name) =>
        ModelLayout.IsBlob(name) ? shards.OrderByDescending(shard => Weight(shard.Location, name)) : [Home];

    private static ulong Weight(string location, string name) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{location}\n{name}")));
}

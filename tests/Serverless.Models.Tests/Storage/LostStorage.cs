using Serverless.Models.Storage;

namespace Serverless.Models.Tests.Storage;

/// <summary>A storage that cannot be reached.</summary>
internal sealed class LostStorage(string location) : IObjectStorage
{
    public string Location => location;

    public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken) => throw Lost();

    public Task<StoredObject?> FindAsync(string name, CancellationToken cancellationToken) => throw Lost();

    public Task WriteAsync(string name, Stream content, IProgress<long>? progress, CancellationToken cancellationToken) => throw Lost();

    public Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw Lost();

    public Task<TaggedContent?> ReadAsync(string name, int limit, CancellationToken cancellationToken) => throw Lost();

    public Task<bool> TryReplaceAsync(string name, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken) =>
        throw Lost();

    public Task<bool> TryTouchAsync(string name, CancellationToken cancellationToken) => throw Lost();

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => throw Lost();

    public Task DeleteUnchangedAsync(StoredObject found, CancellationToken cancellationToken) => throw Lost();

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) => throw Lost();

    public IAsyncEnumerable<string> ListRootsAsync(CancellationToken cancellationToken) => throw Lost();

    private static IOException Lost() => new("no route to host");
}

namespace Serverless.Models.Storage;

/// <summary>The few operations on named objects that a model store needs. Names use <c>/</c>; writes are atomic.</summary>
internal interface IObjectStorage
{
    /// <summary>Where this is, for messages.</summary>
    string Location { get; }

    /// <summary>Opens an object, or null when it does not exist.</summary>
    Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken);

    /// <summary>Size and last change of an object, or null when it does not exist.</summary>
    Task<StoredObject?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes an object, replacing what was there.</summary>
    Task WriteAsync(string name, Stream content, IProgress<long>? progress, CancellationToken cancellationToken);

    /// <summary>Writes an object unless one of that name exists.</summary>
    /// <returns>False when one exists.</returns>
    Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Reads a small object together with the tag of its state, or null when it does not exist.</summary>
    /// <exception cref="InvalidDataException">It is larger than <paramref name="limit"/> bytes.</exception>
    Task<TaggedContent?> ReadAsync(string name, int limit, CancellationToken cancellationToken);

    /// <summary>Replaces an object if it is still in the state that <paramref name="etag"/> stands for.</summary>
    /// <returns>False when it is not, or does not exist.</returns>
    Task<bool> TryReplaceAsync(string name, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken);

    /// <summary>Makes an object's last change now.</summary>
    /// <returns>False when it does not exist.</returns>
    Task<bool> TryTouchAsync(string name, CancellationToken cancellationToken);

    /// <summary>Deletes an object; it is no error when it does not exist.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Deletes an object unless it has changed since it was <paramref name="found"/>.</summary>
    Task DeleteUnchangedAsync(StoredObject found, CancellationToken cancellationToken);

    /// <summary>The objects whose names start with <paramref name="prefix"/>.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>The first name segments that exist.</summary>
    IAsyncEnumerable<string> ListRootsAsync(CancellationToken cancellationToken);
}

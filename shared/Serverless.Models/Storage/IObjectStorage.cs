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

    /// <summary>Deletes an object; it is no error when it does not exist.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>The objects whose names start with <paramref name="prefix"/>.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>The first name segments that exist.</summary>
    IAsyncEnumerable<string> ListRootsAsync(CancellationToken cancellationToken);
}

using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Serverless.Models.Storage;

/// <summary>
/// Objects as block blobs of one container. A container that does not exist holds nothing and is created by the first write.
/// </summary>
internal sealed class BlobObjectStorage(BlobContainerClient container) : IObjectStorage
{
    private volatile bool _containerExists;

    public string Location => container.Uri.GetLeftPart(UriPartial.Path);

    public async Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await container.GetBlobClient(name).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value.Content;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    public async Task<StoredObject?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var properties = (await container.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
            return new StoredObject(name, properties.ContentLength, properties.LastModified, properties.ETag.ToString());
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    // An upload becomes visible when its block list is committed, so it is atomic however many blocks it takes.
    public async Task WriteAsync(string name, Stream content, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        await EnsureContainerAsync(cancellationToken);
        var options = new BlobUploadOptions { ProgressHandler = progress };
        await container.GetBlobClient(name).UploadAsync(content, options, cancellationToken);
    }

    public async Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await EnsureContainerAsync(cancellationToken);
        var options = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
        try
        {
            await container.GetBlobClient(name).UploadAsync(new BinaryData(content), options, cancellationToken);
            return true;
        }
        catch (RequestFailedException exists) when (exists.Status is 409 or 412)
        {
            return false;
        }
    }

    public async Task<TaggedContent?> ReadAsync(string name, int limit, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = (await container.GetBlobClient(name).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value;
            var content = await BoundedRead.ToEndAsync(answer.Content, limit, cancellationToken);
            return new TaggedContent(content, answer.Details.ETag.ToString());
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    public async Task<bool> TryReplaceAsync(string name, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfMatch = new ETag(etag) } };
        try
        {
            await container.GetBlobClient(name).UploadAsync(new BinaryData(content), options, cancellationToken);
            return true;
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            return false;
        }
    }

    // Writing metadata is the cheapest change that moves Last-Modified.
    public async Task<bool> TryTouchAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await container.GetBlobClient(name).SetMetadataAsync(new Dictionary<string, string>(), cancellationToken: cancellationToken);
            return true;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return false;
        }
    }

    public async Task DeleteUnchangedAsync(StoredObject found, CancellationToken cancellationToken)
    {
        var unchanged = new BlobRequestConditions { IfMatch = new ETag(found.ETag) };
        try
        {
            await container.GetBlobClient(found.Name).DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, unchanged, cancellationToken);
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
        }
    }

    public async Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        await container.GetBlobClient(name).DeleteIfExistsAsync(
            DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellationToken);
        await foreach (var blob in EmptyWhenMissing(pages, cancellationToken))
        {
            var properties = blob.Properties;
            yield return new StoredObject(
                blob.Name, properties.ContentLength ?? 0, properties.LastModified ?? DateTimeOffset.MinValue, properties.ETag.ToString()!);
        }
    }

    public async IAsyncEnumerable<string> ListRootsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = container.GetBlobsByHierarchyAsync(new GetBlobsByHierarchyOptions { Delimiter = "/" }, cancellationToken);
        await foreach (var item in EmptyWhenMissing(pages, cancellationToken))
        {
            if (item.IsPrefix)
                yield return item.Prefix.TrimEnd('/');
        }
    }

    private static async IAsyncEnumerable<T> EmptyWhenMissing<T>(
        AsyncPageable<T> pages, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : notnull
    {
        await using var items = pages.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync())
                    yield break;
            }
            catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
            {
                yield break;
            }

            yield return items.Current;
        }
    }

    private async Task EnsureContainerAsync(CancellationToken cancellationToken)
    {
        if (_containerExists)
            return;
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        _containerExists = true;
    }
}

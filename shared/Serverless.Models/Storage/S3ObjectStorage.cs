using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;

namespace Serverless.Models.Storage;

/// <summary>Objects of a bucket that exists, all below one prefix (empty, or ending in a slash).</summary>
internal sealed class S3ObjectStorage(IAmazonS3 client, string bucket, string prefix) : IObjectStorage
{
    public string Location => $"{S3Account.Scheme}://{bucket}/{prefix}".TrimEnd('/');

    public async Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken) =>
        await NullWhenMissingAsync(async () => (await client.GetObjectAsync(bucket, prefix + name, cancellationToken)).ResponseStream);

    public Task<StoredObject?> FindAsync(string name, CancellationToken cancellationToken) => NullWhenMissingAsync(async () =>
    {
        var found = await client.GetObjectMetadataAsync(bucket, prefix + name, cancellationToken);
        return new StoredObject(name, found.ContentLength, found.LastModified?.ToUniversalTime() ?? DateTimeOffset.MinValue, found.ETag);
    });

    public Task<TaggedContent?> ReadAsync(string name, int limit, CancellationToken cancellationToken) => NullWhenMissingAsync(async () =>
    {
        using var answer = await client.GetObjectAsync(bucket, prefix + name, cancellationToken);
        return new TaggedContent(await BoundedRead.ToEndAsync(answer.ResponseStream, limit, cancellationToken), answer.ETag);
    });

    public async Task WriteAsync(string name, Stream content, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var length = content.Length;
        await client.PutObjectAsync(Put(name, content), cancellationToken);
        progress?.Report(length);
    }

    public Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var request = Put(name, new MemoryStream(content.ToArray()));
        request.IfNoneMatch = "*";
        return TryPutAsync(request, cancellationToken);
    }

    public Task<bool> TryReplaceAsync(string name, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken)
    {
        var request = Put(name, new MemoryStream(content.ToArray()));
        request.IfMatch = etag;
        return TryPutAsync(request, cancellationToken);
    }

    // An object that is copied onto itself with new metadata is a new one.
    public async Task<bool> TryTouchAsync(string name, CancellationToken cancellationToken)
    {
        var request = new CopyObjectRequest
        {
            SourceBucket = bucket,
            SourceKey = prefix + name,
            DestinationBucket = bucket,
            DestinationKey = prefix + name,
            MetadataDirective = S3MetadataDirective.REPLACE,
        };
        return await NullWhenMissingAsync(async () => await client.CopyObjectAsync(request, cancellationToken)) is not null;
    }

    public async Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        await client.DeleteObjectAsync(bucket, prefix + name, cancellationToken);

    // Conditional deletion is not everywhere. Between the look and the deletion lies an instant in which a push may touch the object.
    public async Task DeleteUnchangedAsync(StoredObject found, CancellationToken cancellationToken)
    {
        if (await FindAsync(found.Name, cancellationToken) is { } now && now.LastModified <= found.LastModified)
            await DeleteAsync(found.Name, cancellationToken);
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string below, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync(below, delimiter: null, cancellationToken))
        {
            foreach (var found in page.S3Objects ?? [])
            {
                yield return new StoredObject(
                    found.Key[prefix.Length..], found.Size ?? 0, found.LastModified?.ToUniversalTime() ?? DateTimeOffset.MinValue, found.ETag);
            }
        }
    }

    public async IAsyncEnumerable<string> ListRootsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync("", delimiter: "/", cancellationToken))
        {
            foreach (var root in page.CommonPrefixes ?? [])
                yield return root[prefix.Length..].TrimEnd('/');
        }
    }

    private async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(
        string below, string? delimiter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix + below, Delimiter = delimiter };
        while (await NullWhenMissingAsync(async () => await client.ListObjectsV2Async(request, cancellationToken)) is { } page)
        {
            yield return page;
            if (page.IsTruncated != true)
                yield break;
            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    private PutObjectRequest Put(string name, Stream content) => new()
    {
        BucketName = bucket,
        Key = prefix + name,
        InputStream = content,
        AutoCloseStream = false,
        UseChunkEncoding = false,
    };

    private async Task<bool> TryPutAsync(PutObjectRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await client.PutObjectAsync(request, cancellationToken);
            return true;
        }
        catch (AmazonS3Exception changed) when (changed.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
        {
            return false;
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound && request.IfMatch is not null)
        {
            return false;
        }
    }

    private static async Task<T?> NullWhenMissingAsync<T>(Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}

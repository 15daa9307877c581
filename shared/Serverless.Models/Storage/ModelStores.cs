using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Serverless.Contracts.Storage;

namespace Serverless.Models.Storage;

/// <summary>Opens model stores.</summary>
public static class ModelStores
{
    private const char Separator = ';';

    /// <summary>The store in the container <see cref="BlobContainers.Models"/> of an account.</summary>
    public static IModelStore InBlobStorage(BlobServiceClient account, TimeProvider? time = null) =>
        InContainer(account.GetBlobContainerClient(BlobContainers.Models), time);

    /// <summary>The store in a container.</summary>
    public static IModelStore InContainer(BlobContainerClient container, TimeProvider? time = null) =>
        new ModelStore(new BlobObjectStorage(container), time ?? TimeProvider.System);

    /// <summary>The store in a folder, which need not exist yet.</summary>
    public static IModelStore InFolder(string path, TimeProvider? time = null) =>
        new ModelStore(new DirectoryObjectStorage(path), time ?? TimeProvider.System);

    /// <summary>
    /// The store that <paramref name="location"/> names: a container's <c>https</c> URL (used with the process's identity), a bucket as
    /// <c>s3://bucket/prefix</c> (its endpoint is <c>S3:serviceUrl</c>), a folder, or when it is empty the container <c>models</c> of the
    /// configured storage account. Several, with <c>;</c> between them, share the contents; the first is the home of manifests and aliases.
    /// </summary>
    public static IModelStore Open(string? location, IConfiguration configuration, TimeProvider? time = null)
    {
        if (string.IsNullOrWhiteSpace(location))
            return InBlobStorage(StorageAccount.CreateBlobClient(configuration), time);
        var parts = location.Split(Separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => OpenPart(part, configuration)).ToList();
        return new ModelStore(parts.Count == 1 ? parts[0] : new ShardedObjectStorage(parts), time ?? TimeProvider.System);
    }

    private static IObjectStorage OpenPart(string location, IConfiguration configuration)
    {
        if (!Uri.TryCreate(location, UriKind.Absolute, out var uri))
            return new DirectoryObjectStorage(location);
        return uri.Scheme switch
        {
            "http" or "https" => new BlobObjectStorage(StorageAccount.CreateContainerClient(uri, configuration)),
            S3Account.Scheme => new S3ObjectStorage(
                S3Account.CreateClient(configuration), uri.Host, uri.AbsolutePath.Trim('/') is { Length: > 0 } prefix ? prefix + "/" : ""),
            _ => new DirectoryObjectStorage(location),
        };
    }
}

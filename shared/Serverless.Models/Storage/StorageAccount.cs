using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Serverless.Contracts.Configuration;

namespace Serverless.Models.Storage;

/// <summary>
/// Clients of the storage account in the configuration: <c>Storage</c> holds a connection string (emulators), or
/// <c>Storage:blobServiceUri</c> its URL, used with the process's identity (<c>Storage:clientId</c> picks a user-assigned one).
/// </summary>
public static class StorageAccount
{
    /// <summary>Whether a storage account is configured.</summary>
    public static bool IsConfigured(IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration[Settings.Storage]) || !string.IsNullOrEmpty(BlobServiceUri(configuration));

    /// <summary>A client of its blobs.</summary>
    /// <exception cref="InvalidOperationException">None is configured, or its URL is not one.</exception>
    public static BlobServiceClient CreateBlobClient(IConfiguration configuration)
    {
        if (configuration[Settings.Storage] is { Length: > 0 } connectionString)
            return new BlobServiceClient(connectionString, ClientOptions());
        var uri = BlobServiceUri(configuration);
        if (string.IsNullOrEmpty(uri))
        {
            throw new InvalidOperationException(
                $"No storage account is configured: set {Settings.Storage} to a connection string, or {Settings.Storage}:blobServiceUri.");
        }

        return Uri.TryCreate(uri, UriKind.Absolute, out var account)
            ? new BlobServiceClient(account, CreateCredential(configuration), ClientOptions())
            : throw new InvalidOperationException($"{Settings.Storage}:blobServiceUri is not an absolute URL: '{uri}'.");
    }

    /// <summary>The process's identity.</summary>
    public static TokenCredential CreateCredential(IConfiguration configuration)
    {
        var clientId = configuration[$"{Settings.Storage}:clientId"];
        return string.IsNullOrEmpty(clientId)
            ? new DefaultAzureCredential()
            : new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = clientId });
    }

    internal static BlobContainerClient CreateContainerClient(Uri container, IConfiguration configuration) =>
        new(container, CreateCredential(configuration), ClientOptions());

    private static string? BlobServiceUri(IConfiguration configuration) => configuration[$"{Settings.Storage}:blobServiceUri"];

    // A caller waits for what is read here: the defaults (100 s a try, 5 retries) would hold it longer than any ingress does.
    private static BlobClientOptions ClientOptions() => new()
    {
        Retry =
        {
            MaxRetries = 3,
            Mode = RetryMode.Exponential,
            Delay = TimeSpan.FromMilliseconds(400),
            MaxDelay = TimeSpan.FromSeconds(4),
            NetworkTimeout = TimeSpan.FromSeconds(30),
        },
    };
}

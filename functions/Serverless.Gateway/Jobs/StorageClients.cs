using Azure.Data.Tables;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Serverless.Contracts.Configuration;
using Serverless.Models.Storage;

namespace Serverless.Gateway.Jobs;

/// <summary>Clients of the storage account's tables and queues, configured like <see cref="StorageAccount"/>.</summary>
internal static class StorageClients
{
    public static TableServiceClient CreateTableClient(IConfiguration configuration) =>
        configuration[Settings.Storage] is { Length: > 0 } connectionString
            ? new TableServiceClient(connectionString)
            : new TableServiceClient(UriOf(configuration, "tableServiceUri"), StorageAccount.CreateCredential(configuration));

    public static QueueServiceClient CreateQueueClient(IConfiguration configuration)
    {
        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 };
        return configuration[Settings.Storage] is { Length: > 0 } connectionString
            ? new QueueServiceClient(connectionString, options)
            : new QueueServiceClient(UriOf(configuration, "queueServiceUri"), StorageAccount.CreateCredential(configuration), options);
    }

    private static Uri UriOf(IConfiguration configuration, string name) =>
        Uri.TryCreate(configuration[$"{Settings.Storage}:{name}"], UriKind.Absolute, out var uri)
            ? uri
            : throw new InvalidOperationException($"{Settings.Storage}:{name} is missing or is not an absolute URL.");
}

using Azure.Data.Tables;
using Azure.Storage.Queues;
using Serverless.Contracts.Configuration;
using Serverless.Models.Storage;

namespace Serverless.Worker.Jobs;

/// <summary>Clients of the storage account's tables and queues; see <see cref="StorageAccount"/> for its blobs.</summary>
internal static class JobStorageAccount
{
    public static TableClient CreateTable(IConfiguration configuration, string name) =>
        configuration[Settings.Storage] is { Length: > 0 } connectionString
            ? new TableClient(connectionString, name)
            : new TableServiceClient(UriOf(configuration, "tableServiceUri"), StorageAccount.CreateCredential(configuration)).GetTableClient(name);

    public static QueueClient CreateQueue(IConfiguration configuration, string name)
    {
        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 };
        return configuration[Settings.Storage] is { Length: > 0 } connectionString
            ? new QueueClient(connectionString, name, options)
            : new QueueServiceClient(UriOf(configuration, "queueServiceUri"), StorageAccount.CreateCredential(configuration), options)
                .GetQueueClient(name);
    }

    private static Uri UriOf(IConfiguration configuration, string key) =>
        Uri.TryCreate(configuration[$"{Settings.Storage}:{key}"], UriKind.Absolute, out var uri)
            ? uri
            : throw new InvalidOperationException(
                $"Jobs need {Settings.Storage}:{key} (an absolute URL), or {Settings.Storage} as a connection string of an emulator.");
}

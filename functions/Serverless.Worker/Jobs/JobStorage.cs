using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;
using Serverless.Contracts.Storage;
using Serverless.Models.Storage;

namespace Serverless.Worker.Jobs;

/// <summary>The clients of the storage account that jobs need.</summary>
internal sealed record JobStorage(BlobServiceClient Blobs, TableClient Batches, QueueClient Events)
{
    /// <summary>Container of segments.</summary>
    public BlobContainerClient Segments => Blobs.GetBlobContainerClient(BlobContainers.Batches);

    /// <summary>Opens the account of the configuration.</summary>
    public static JobStorage Open(IConfiguration configuration) => new(
        StorageAccount.CreateBlobClient(configuration),
        JobStorageAccount.CreateTable(configuration, JobTables.Batches),
        JobStorageAccount.CreateQueue(configuration, QueueNames.BatchEvents));
}

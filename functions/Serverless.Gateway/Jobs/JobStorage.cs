using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;
using Serverless.Contracts.Storage;

namespace Serverless.Gateway.Jobs;

/// <summary>The containers, tables and queues of jobs, created when they are first needed.</summary>
internal sealed class JobStorage(BlobServiceClient blobs, TableServiceClient tables, QueueServiceClient queues)
{
    private readonly Lock _lock = new();
    private Task? _ready;

    public BlobContainerClient Files { get; } = blobs.GetBlobContainerClient(BlobContainers.Files);

    public BlobContainerClient Segments { get; } = blobs.GetBlobContainerClient(BlobContainers.Batches);

    public TableClient BatchTable { get; } = tables.GetTableClient(JobTables.Batches);

    public TableClient IndexTable { get; } = tables.GetTableClient(JobTables.BatchIndex);

    public TableClient FileTable { get; } = tables.GetTableClient(JobTables.Files);

    public TableClient RateTable { get; } = tables.GetTableClient(JobTables.WorkRates);

    public TableClient SlotTable { get; } = tables.GetTableClient(JobTables.BatchSlots);

    /// <summary>A container by name, for inputs that lie elsewhere.</summary>
    public BlobContainerClient Container(string name) => blobs.GetBlobContainerClient(name);

    public QueueClient Queue(string name) => queues.GetQueueClient(name);

    /// <summary>Completes once everything exists; every entry point waits for it.</summary>
    public Task ReadyAsync()
    {
        lock (_lock)
        {
            if (_ready is null or { IsFaulted: true } or { IsCanceled: true })
                _ready = CreateAsync();
            return _ready;
        }
    }

    private async Task CreateAsync()
    {
        foreach (var container in new[] { Files, Segments })
            await container.CreateIfNotExistsAsync();
        foreach (var table in new[] { BatchTable, IndexTable, FileTable, RateTable, SlotTable })
            await table.CreateIfNotExistsAsync();
        foreach (var queue in new[] { QueueNames.BatchValidations, QueueNames.BatchEvents, QueueNames.BatchWebhooks })
            await Queue(queue).CreateIfNotExistsAsync();
    }

    /// <summary>Whether a conditional write was lost to somebody else's.</summary>
    public static bool IsConflict(RequestFailedException exception) => exception.Status is 409 or 412;
}

using Azure.Data.Tables;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Async;
using Serverless.Gateway.Batches;
using Serverless.Gateway.Files;
using Serverless.Gateway.Jobs;
using Serverless.Gateway.Tests.Jobs;

namespace Serverless.Gateway.Tests.Security;

/// <summary>Files, batches and operations that really are a tenant's, made anew wherever a row of the table names one: some rows delete it.</summary>
internal sealed class OwnedResources(JobsFixture fixture, string tenant)
{
    private const string Content = "{}\n";

    private readonly string _key = TenantKey.Of(tenant);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Puts ids in the place of <c>{file}</c>, <c>{batch}</c> and <c>{operation}</c>.</summary>
    public async Task<string> FillAsync(string text)
    {
        if (text.Contains("{file}", StringComparison.Ordinal))
            return text.Replace("{file}", await AddFileAsync(), StringComparison.Ordinal);
        if (text.Contains("{batch}", StringComparison.Ordinal))
            return text.Replace("{batch}", await AddBatchAsync(), StringComparison.Ordinal);
        return text.Contains("{operation}", StringComparison.Ordinal)
            ? text.Replace("{operation}", await AddOperationAsync(), StringComparison.Ordinal)
            : text;
    }

    private async Task<string> AddFileAsync()
    {
        var id = fixture.Get<JobIds>().NewFile();
        var blob = (await fixture.Storage.Files.GetBlobClient(id).UploadAsync(new BinaryData(Content), Token)).Value;
        var row = new FileRow
        {
            PartitionKey = _key,
            RowKey = id,
            Purpose = FilePurposes.Batch,
            Bytes = Content.Length,
            CreatedAt = fixture.Time.GetUtcNow(),
            BlobETag = blob.ETag.ToString(),
        };
        await fixture.Get<FileTable>().AddAsync(row, Token);
        return id;
    }

    // Being cancelled already: to cancel it again is answered as the first time, and leaves nothing for other tests to work off.
    private async Task<string> AddBatchAsync()
    {
        var (id, now) = (fixture.Get<JobIds>().NewBatch(), fixture.Time.GetUtcNow());
        var row = new BatchRow
        {
            PartitionKey = id,
            Tenant = _key,
            Status = BatchStatuses.NameOf(BatchStatus.Cancelling),
            CreatedAt = now,
            ExpiresAt = now.AddDays(1),
        };
        await fixture.Batches.AddAsync(row, Token);
        return id;
    }

    private async Task<string> AddOperationAsync()
    {
        var (id, now) = (AsyncOperations.IdPrefix + Guid.NewGuid().ToString("N"), fixture.Time.GetUtcNow());
        var row = new OperationRow { PartitionKey = _key, RowKey = id, Endpoint = "/v1/embeddings", CreatedAt = now, ExpiresAt = now.AddDays(1) };
        var operations = fixture.Get<TableServiceClient>().GetTableClient(AsyncOperations.Table);
        await operations.CreateIfNotExistsAsync(Token);
        await operations.AddEntityAsync(row, Token);
        return id;
    }
}

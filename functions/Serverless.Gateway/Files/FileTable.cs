using Azure;
using Azure.Data.Tables;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Files;

/// <summary>The records of files.</summary>
internal sealed class FileTable(JobStorage storage, TimeProvider time)
{
    public Task AddAsync(FileRow row, CancellationToken cancellationToken) =>
        storage.FileTable.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);

    /// <summary>The tenant's file, or null when there is none or it expired.</summary>
    public async Task<FileRow?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (!JobIds.IsFile(id))
            return null;
        var found = await storage.FileTable.GetEntityIfExistsAsync<FileRow>(tenant, id, cancellationToken: cancellationToken);
        return found.HasValue && !IsExpired(found.Value!) ? found.Value : null;
    }

    /// <summary>The tenant's file.</summary>
    /// <exception cref="InferenceException"><see cref="ErrorKind.NotFound"/>.</exception>
    public async Task<FileRow> GetAsync(string tenant, string id, CancellationToken cancellationToken) =>
        await FindAsync(tenant, id, cancellationToken) ?? throw new InferenceException(ErrorKind.NotFound, "There is no such file.", "file_id");

    /// <summary>One page, and whether there is more.</summary>
    public async Task<(List<FileRow> Page, bool HasMore)> ListAsync(
        string tenant, string? purpose, string? after, bool newestFirst, int limit, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {tenant}");
        if (purpose is not null)
            filter += " and " + TableClient.CreateQueryFilter($"Purpose eq {purpose}");
        if (after is not null)
            filter += " and RowKey " + (newestFirst ? "gt" : "lt") + TableClient.CreateQueryFilter($" {after}");

        // A table lists in one direction only: the oldest come last, so their page is the tail of the whole list.
        var page = new LinkedList<FileRow>();
        await foreach (var row in storage.FileTable.QueryAsync<FileRow>(filter, cancellationToken: cancellationToken))
        {
            if (IsExpired(row))
                continue;
            page.AddLast(row);
            if (page.Count <= limit + 1)
                continue;
            if (!newestFirst)
                page.RemoveFirst();
            else
                break;
        }

        var found = newestFirst ? page.ToList() : [.. page.Reverse()];
        return (found.Take(limit).ToList(), found.Count > limit);
    }

    /// <summary>Files whose time is over, of every tenant.</summary>
    public AsyncPageable<FileRow> ListExpiredAsync(CancellationToken cancellationToken) =>
        storage.FileTable.QueryAsync<FileRow>(
            TableClient.CreateQueryFilter($"ExpiresAt le {time.GetUtcNow()}"), cancellationToken: cancellationToken);

    /// <summary>Deletes record and content. The record goes first: content without a record is invisible, the reverse is a broken file.</summary>
    public async Task DeleteAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        await storage.FileTable.DeleteEntityAsync(tenant, id, cancellationToken: cancellationToken);
        await storage.Files.GetBlobClient(id).DeleteIfExistsAsync(cancellationToken: cancellationToken);
    }

    private bool IsExpired(FileRow row) => row.ExpiresAt <= time.GetUtcNow();
}

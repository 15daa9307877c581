using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Queues;
using Serverless.Contracts.Storage;

namespace Serverless.Gateway.Async;

/// <summary>Operations, their inputs and their results. The result is one blob, written once, by whoever is first: a worker or a cancel.</summary>
internal sealed class OperationStore(TableServiceClient tables, BlobServiceClient blobs, TimeProvider time)
{
    private readonly TableClient _table = tables.GetTableClient(AsyncOperations.Table);
    private readonly BlobContainerClient _inputs = blobs.GetBlobContainerClient(BlobContainers.Inputs);
    private readonly BlobContainerClient _results = blobs.GetBlobContainerClient(BlobContainers.Results);

    /// <summary>Adds a row; null when there was none with its id, else the row that is there.</summary>
    public async Task<OperationRow?> TryAddAsync(OperationRow row, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await _table.AddEntityAsync(row, cancellationToken);
                return null;
            }
            catch (RequestFailedException error) when (error.Status == 404)
            {
                await _table.CreateIfNotExistsAsync(cancellationToken);
            }
            catch (RequestFailedException error) when (error.Status == 409)
            {
                // One whose time is over is deleted by the look at it, and its key is free again.
                if (await FindAsync(row.PartitionKey, row.RowKey, cancellationToken) is { } existing)
                    return existing;
            }
        }
    }

    /// <summary>The operation, unless it expired.</summary>
    public async Task<OperationRow?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _table.GetEntityIfExistsAsync<OperationRow>(tenant, id, cancellationToken: cancellationToken);
            if (!found.HasValue)
                return null;
            if (found.Value!.ExpiresAt > time.GetUtcNow())
                return found.Value;
            await DeleteAsync(found.Value, cancellationToken);
            return null;
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }

    public async Task WriteInputAsync(string id, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        await _inputs.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        await InputOf(id).UploadAsync(new BinaryData(body), overwrite: true, cancellationToken);
    }

    /// <summary>The result, or null while there is none.</summary>
    public async Task<BinaryData?> FindResultAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return (await ResultOf(id).DownloadContentAsync(cancellationToken)).Value.Content;
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }

    /// <summary>The HTTP status that the result begins with, or null while there is none; results may be large.</summary>
    public async Task<int?> FindStatusAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var options = new BlobDownloadOptions { Range = new HttpRange(0, 512) };
            var head = (await ResultOf(id).DownloadContentAsync(options, cancellationToken)).Value.Content.ToMemory();
            return ReadStatus(head.Span);
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Answers a request with an error, unless it has an answer; whether it had none.</summary>
    public async Task<bool> TryAnswerAsync(string id, InferenceError error, string endpoint, CancellationToken cancellationToken)
    {
        var answer = QueuedAnswer.FromError(id, error, ErrorBody.ProtocolOf(endpoint));
        await _results.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        try
        {
            var once = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await ResultOf(id).UploadAsync(new BinaryData(answer), once, cancellationToken);
            return true;
        }
        catch (RequestFailedException failure) when (failure.Status is 409 or 412)
        {
            return false;
        }
    }

    /// <summary>Deletes every operation whose time is over; how many.</summary>
    public async Task<int> DeleteExpiredAsync(CancellationToken cancellationToken)
    {
        var deleted = 0;
        try
        {
            var now = time.GetUtcNow();
            await foreach (var row in _table.QueryAsync<OperationRow>(row => row.ExpiresAt < now, cancellationToken: cancellationToken))
            {
                await DeleteAsync(row, cancellationToken);
                deleted++;
            }
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
        }

        return deleted;
    }

    // "id" and "status" come first, see QueuedAnswer.
    private static int ReadStatus(ReadOnlySpan<byte> head)
    {
        var json = new Utf8JsonReader(head, isFinalBlock: false, default);
        while (json.Read())
        {
            if (json.CurrentDepth == 1 && json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("status"u8) && json.Read())
                return json.GetInt32();
        }

        throw new FormatException("The result does not begin with its status.");
    }

    // The row last: what is left after a crash is found again by it.
    private async Task DeleteAsync(OperationRow row, CancellationToken cancellationToken)
    {
        await ResultOf(row.Id).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        await InputOf(row.Id).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
    }

    private BlobClient InputOf(string id) => _inputs.GetBlobClient(AsyncOperations.InputPrefix + id);

    private BlobClient ResultOf(string id) => _results.GetBlobClient(id + ".json");
}

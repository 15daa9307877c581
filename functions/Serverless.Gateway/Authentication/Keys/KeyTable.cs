using Azure;
using Azure.Data.Tables;
using Serverless.Contracts.Errors;

namespace Serverless.Gateway.Authentication.Keys;

/// <summary>The table of keys, created with the first one.</summary>
internal sealed class KeyTable(TableServiceClient tables)
{
    private const string Name = "apikeys";

    private readonly TableClient _table = tables.GetTableClient(Name);

    public async Task AddAsync(ApiKeyRow key, CancellationToken cancellationToken)
    {
        await _table.CreateIfNotExistsAsync(cancellationToken);
        await _table.AddEntityAsync(key, cancellationToken);
    }

    /// <summary>Writes a change of a row that was read here.</summary>
    /// <exception cref="InferenceException"><see cref="ErrorKind.Conflict"/>: it was changed meanwhile.</exception>
    public async Task ChangeAsync(ApiKeyRow key, CancellationToken cancellationToken)
    {
        try
        {
            await _table.UpdateEntityAsync(key, key.ETag, TableUpdateMode.Replace, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status == 412)
        {
            throw new InferenceException(ErrorKind.Conflict, "The key was changed by somebody else meanwhile: look at it, and try again.", inner: exception);
        }
    }

    /// <summary>Every key, in no order that means anything.</summary>
    public Task<List<ApiKeyRow>> ListAsync(CancellationToken cancellationToken) => QueryAsync("", cancellationToken);

    /// <exception cref="InferenceException"><see cref="ErrorKind.NotFound"/>.</exception>
    public async Task<ApiKeyRow> GetAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) ?? throw new InferenceException(ErrorKind.NotFound, "There is no such key.", "id");

    /// <summary>The key with this id, or null.</summary>
    public async Task<ApiKeyRow?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var digits = id.StartsWith(ApiKeyRow.IdPrefix, StringComparison.Ordinal) ? id[ApiKeyRow.IdPrefix.Length..] : "";
        if (digits.Length == ApiKeyRow.IdDigits && digits.All(char.IsAsciiHexDigitLower))
        {
            // The id is the beginning of the row's key.
            var filter = TableClient.CreateQueryFilter($" and RowKey ge {digits} and RowKey lt {digits + "g"}");
            if (await QueryAsync(filter, cancellationToken) is [var key])
                return key;
        }

        return null;
    }

    private async Task<List<ApiKeyRow>> QueryAsync(string filter, CancellationToken cancellationToken)
    {
        var keys = new List<ApiKeyRow>();
        try
        {
            var all = TableClient.CreateQueryFilter($"PartitionKey eq {ApiKeyRow.Partition}") + filter;
            await foreach (var key in _table.QueryAsync<ApiKeyRow>(all, cancellationToken: cancellationToken))
                keys.Add(key);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            // No key was ever made.
        }

        return keys;
    }
}

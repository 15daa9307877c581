using Azure;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging;
using Serverless.Gateway.Files;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches.Finalizing;

/// <summary>
/// Copies the files of a batch that ended into the lake, on the storage service's side. Done once more after a death in between: the names
/// and the bytes are the same.
/// </summary>
internal sealed partial class LakeCopies(
    JobStorage storage, LakePaths lake, BatchTable batches, FileTable files, BlobSource source, ILogger<LakeCopies> logger)
{
    // Far below the largest block that a service takes from a URL.
    private const long BlockBytes = 64L << 20;

    public async Task RunAsync(BatchRow row, CancellationToken cancellationToken)
    {
        if (row.OutputFolder is not { } folder || row.OutputCopy is not null)
            return;
        try
        {
            var container = lake.Container ?? throw new RequestFailedException(404, "No lake is configured any more.");
            await CopyAsync(row, row.OutputFileId, container, $"{folder}/{row.Id}_output.jsonl", cancellationToken);
            await CopyAsync(row, row.ErrorFileId, container, $"{folder}/{row.Id}_error.jsonl", cancellationToken);
            row.OutputCopy = OutputCopies.Copied;
        }
        catch (RequestFailedException error) when (error.Status is 403 or 404)
        {
            // Nothing that another try would change; the batch's own files are there, and the batch must come to its end.
            LogFailed(row.Id, folder, error.Message);
            row.OutputCopy = OutputCopies.Failed;
        }

        await batches.TryUpdateAsync(row, cancellationToken);
    }

    private async Task CopyAsync(BatchRow row, string? file, BlobContainerClient to, string name, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            // An earlier end, before a re-drive, may have had one.
            await to.GetBlobClient(name).DeleteIfExistsAsync(cancellationToken: cancellationToken);
            return;
        }

        var record = await files.FindAsync(row.Tenant, file, cancellationToken) ?? throw new RequestFailedException(404, "The file is gone.");
        var from = storage.Files.GetBlobClient(file);
        var copy = new ComposedFile(to, source, name);
        for (long offset = 0; offset < record.Bytes; offset += BlockBytes)
            await copy.AppendAsync(from, offset, Math.Min(BlockBytes, record.Bytes - offset), cancellationToken);
        await copy.CommitAsync(cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Error, "The files of batch {Batch} could not be copied to {Folder} of the lake: {Reason}")]
    private partial void LogFailed(string batch, string folder, string reason);
}

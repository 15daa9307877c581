using System.Text;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Jobs;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Files;

/// <summary>Takes a multipart upload and streams its file into a blob: no more than a few blocks of it are in memory.</summary>
internal sealed class FileUpload(JobStorage storage, FileTable files, JobIds ids, TimeProvider time)
{
    // OpenAI's limits: 512 MB a file. The form around it is small.
    private const long MaxFileBytes = 512L << 20;
    private const long MaxFormBytes = MaxFileBytes + (1 << 20);
    private const int MaxFieldBytes = 4096;
    private const int MaxParts = 16;
    private const int MaxFilename = 255;

    // Three are in memory at a time; at 20 ms a block that is 200 MB/s.
    private const int Block = 2 << 20;

    public async Task<FileRow> ReceiveAsync(HttpContext context, string tenant)
    {
        var request = context.Request;
        var boundary = BoundaryOf(request.ContentType);
        request.Body = new LimitedBody(request.Body, MaxFormBytes);
        if (request.ContentLength > MaxFormBytes)
            throw new InferenceException(LimitedBody.TooLarge(MaxFormBytes));

        var row = new FileRow { PartitionKey = tenant, RowKey = ids.NewFile() };
        try
        {
            var form = await ReadAsync(new MultipartReader(boundary, request.Body), row, context.RequestAborted);
            await FinishAsync(row, form, context.RequestAborted);
            return row;
        }
        catch (Exception exception)
        {
            // Whatever went wrong, no blob without a record stays behind; the caller may be gone, so not with its token.
            await storage.Files.GetBlobClient(row.RowKey).DeleteIfExistsAsync(cancellationToken: CancellationToken.None);
            if (exception is IOException or InvalidDataException)
                throw Invalid($"The form could not be read: {exception.Message}", "file", exception);
            throw;
        }
    }

    private async Task<UploadForm> ReadAsync(MultipartReader reader, FileRow row, CancellationToken cancellationToken)
    {
        var form = new UploadForm();
        for (var parts = 0; await reader.ReadNextSectionAsync(cancellationToken) is { } section; parts++)
        {
            if (parts == MaxParts)
                throw Invalid($"The form has more than {MaxParts} fields.", "file");
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
                throw Invalid("A part of the form has no usable Content-Disposition.", "file");
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            if (name != "file")
                form.Set(name, await ReadFieldAsync(section.Body, name, cancellationToken));
            else if (row.Filename.Length > 0)
                throw Invalid("The form has two files.", "file");
            else
                await StoreAsync(section.Body, row, FilenameOf(disposition), cancellationToken);
        }

        return row.Filename.Length > 0 ? form : throw Invalid("The form has no field 'file'.", "file");
    }

    private async Task StoreAsync(Stream content, FileRow row, string filename, CancellationToken cancellationToken)
    {
        row.Filename = filename;
        var counted = new CountedStream(content);
        var options = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/octet-stream" },
            TransferOptions = new StorageTransferOptions { InitialTransferSize = Block, MaximumTransferSize = Block, MaximumConcurrency = 2 },
        };
        var stored = await storage.Files.GetBlobClient(row.RowKey).UploadAsync(counted, options, cancellationToken);
        row.Bytes = counted.Count;
        row.BlobETag = stored.Value.ETag.ToString();
    }

    private async Task FinishAsync(FileRow row, UploadForm form, CancellationToken cancellationToken)
    {
        row.Purpose = form.Purpose;
        row.CreatedAt = time.GetUtcNow();
        row.ExpiresAt = form.Lifetime() is { } seconds ? row.CreatedAt.AddSeconds(seconds) : null;
        if (row.Bytes > MaxFileBytes)
            throw TooLarge(MaxFileBytes, "a file");
        if (row.Purpose == FilePurposes.Batch && row.Bytes > JobLimits.MaxInputBytes)
            throw TooLarge(JobLimits.MaxInputBytes, "a batch's input");
        if (row.Purpose == FilePurposes.Batch && !row.Filename.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase))
            throw Invalid("A file for a batch must be JSON Lines, with a name that ends in '.jsonl'.", "file");
        await files.AddAsync(row, cancellationToken);
    }

    private static async Task<string> ReadFieldAsync(Stream body, string name, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxFieldBytes + 1];
        var read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return read <= MaxFieldBytes
            ? Encoding.UTF8.GetString(buffer, 0, read)
            : throw Invalid($"A field is longer than {MaxFieldBytes} bytes.", name.Length > 64 ? null : name);
    }

    private static string FilenameOf(ContentDispositionHeaderValue disposition)
    {
        var given = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
        var name = string.Concat(given[(given.LastIndexOfAny(['/', '\\']) + 1)..].Where(letter => !char.IsControl(letter)));
        return name.Length is > 0 and <= MaxFilename ? name : throw Invalid($"The file needs a name of 1 to {MaxFilename} characters.", "file");
    }

    private static string BoundaryOf(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary).ToString() is { Length: > 0 and <= 70 } boundary
            ? boundary
            : throw new InferenceException(ErrorKind.UnsupportedMediaType, "Files are uploaded as multipart/form-data.");

    private static InferenceException TooLarge(long limit, string what) =>
        new(ErrorKind.PayloadTooLarge, $"The limit for {what} is {limit} bytes.", "file");

    private static InferenceException Invalid(string message, string? param, Exception? inner = null) =>
        new(ErrorKind.InvalidRequest, message, param, inner);
}

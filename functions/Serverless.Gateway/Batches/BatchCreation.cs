using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Storage;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Webhooks;
using Serverless.Gateway.Files;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches;

/// <summary>Creates batches: index, row, message, in this order; maintenance repairs a death in between.</summary>
internal sealed class BatchCreation(
    JobStorage storage, FileTable files, BatchTable batches, BatchIndex index, JobQueues queues, WebhookKeys webhooks, JobIds ids,
    IOptions<JobOptions> options, TimeProvider time)
{
    private const string LakePrefix = "lake:";

    public async Task<BatchRow> CreateAsync(BatchRequest request, Caller caller, CancellationToken cancellationToken)
    {
        webhooks.Check(request.WebhookUrl, caller, "webhook_url");
        var now = time.GetUtcNow();
        var row = new BatchRow
        {
            PartitionKey = ids.NewBatch(),
            Tenant = Tenant.Of(caller),
            CallerName = caller.Name,
            Weight = caller.Weight,
            Endpoint = request.Endpoint!,
            InputFileId = request.InputFileId!,
            CompletionWindow = request.CompletionWindow!,
            CreatedAt = now,
            OutputLifetimeSeconds = request.OutputExpiresAfter?.Seconds,
            WebhookUrl = request.WebhookUrl,
            Metadata = request.Metadata is null
                ? null
                : JsonSerializer.Serialize(request.Metadata, BatchRequestJson.Default.DictionaryStringString),
        };
        row.ExpiresAt = now + row.Window;
        await PinInputAsync(row, cancellationToken);
        await index.AddAsync(row, cancellationToken);
        await batches.AddAsync(row, cancellationToken);
        await queues.SendValidationAsync(row.Id, cancellationToken);
        return row;
    }

    /// <summary>Finds the input and keeps its ETag: what is validated is what is run.</summary>
    private async Task PinInputAsync(BatchRow row, CancellationToken cancellationToken)
    {
        if (row.InputFileId.StartsWith(LakePrefix, StringComparison.Ordinal))
        {
            await PinLakeAsync(row, row.InputFileId[LakePrefix.Length..], cancellationToken);
            return;
        }

        var file = await files.FindAsync(row.Tenant, row.InputFileId, cancellationToken)
            ?? throw new InferenceException(ErrorKind.InvalidRequest, "There is no file with this 'input_file_id'.", "input_file_id");
        if (file.Purpose != FilePurposes.Batch)
            throw new InferenceException(ErrorKind.InvalidRequest, "The input file's purpose must be 'batch'.", "input_file_id");
        (row.InputContainer, row.InputBlob, row.InputETag) = (BlobContainers.Files, file.RowKey, file.BlobETag);
    }

    private async Task PinLakeAsync(BatchRow row, string path, CancellationToken cancellationToken)
    {
        var container = options.Value.LakeContainer
            ?? throw new InferenceException(ErrorKind.InvalidRequest, "No data lake is configured here (Jobs__LakeContainer).", "input_file_id");
        try
        {
            if (path.Length is 0 or > 1024)
                throw new InferenceException(ErrorKind.InvalidRequest, "A lake path has 1 to 1024 characters.", "input_file_id");
            BlobProperties properties = await storage.Container(container).GetBlobClient(path).GetPropertiesAsync(null, cancellationToken);
            (row.InputContainer, row.InputBlob, row.InputETag) = (container, path, properties.ETag.ToString());
            if (properties.ContentLength > JobLimits.MaxInputBytes)
            {
                throw new InferenceException(
                    ErrorKind.PayloadTooLarge, $"The limit for a batch's input is {JobLimits.MaxInputBytes} bytes.", "input_file_id");
            }
        }
        catch (RequestFailedException exception) when (exception.Status is 400 or 404)
        {
            throw new InferenceException(ErrorKind.InvalidRequest, "There is no blob at this path of the lake.", "input_file_id", exception);
        }
    }
}

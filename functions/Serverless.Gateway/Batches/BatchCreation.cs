using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Storage;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Files;
using Serverless.Gateway.Jobs;
using Serverless.Gateway.Tenants;
using Serverless.Gateway.Webhooks;
using Serverless.Telemetry;

namespace Serverless.Gateway.Batches;

/// <summary>Creates batches: place, index, row, message, in this order; maintenance repairs a death in between.</summary>
internal sealed class BatchCreation(
    LakePaths lake, FileTable files, BatchTable batches, BatchIndex index, BatchSlots slots, LimitBook limits, JobQueues queues, WebhookKeys webhooks,
    JobIds ids, TimeProvider time)
{
    public async Task<BatchRow> CreateAsync(BatchRequest request, Caller caller, CancellationToken cancellationToken)
    {
        webhooks.Check(request.WebhookUrl, caller, "webhook_url");
        var now = time.GetUtcNow();
        var row = new BatchRow
        {
            PartitionKey = ids.NewBatch(),
            Tenant = Tenant.Of(caller),
            CallerName = caller.Name,
            Credential = caller.Credential,
            Weight = caller.Weight,
            AllowedModels = caller.Models is null ? null : string.Join(',', caller.Models),
            Endpoint = request.Endpoint!,
            InputFileId = request.InputFileId!,
            CompletionWindow = request.CompletionWindow!,
            CreatedAt = now,
            OutputLifetimeSeconds = request.OutputExpiresAfter?.Seconds,
            WebhookUrl = request.WebhookUrl,
            TraceParent = QueueTracing.Current,
            OutputFolder = await lake.CheckFolderAsync(request.OutputPath, cancellationToken),
            Metadata = request.Metadata is null
                ? null
                : JsonSerializer.Serialize(request.Metadata, BatchRequestJson.Default.DictionaryStringString),
        };
        row.ExpiresAt = now + row.Window;
        await PinInputAsync(row, cancellationToken);
        await slots.TakeAsync(row, (await limits.OfAsync(caller.Name)).ConcurrentBatches, cancellationToken);
        await index.AddAsync(row, cancellationToken);
        await batches.AddAsync(row, cancellationToken);
        await queues.SendValidationAsync(row.Id, cancellationToken);
        return row;
    }

    /// <summary>Finds the input and keeps its ETag: what is validated is what is run.</summary>
    private async Task PinInputAsync(BatchRow row, CancellationToken cancellationToken)
    {
        if (LakePaths.IsLake(row.InputFileId))
        {
            (row.InputContainer, row.InputBlob, row.InputETag) = await lake.PinAsync(row.InputFileId, cancellationToken);
            return;
        }

        var file = await files.FindAsync(row.Tenant, row.InputFileId, cancellationToken)
            ?? throw new InferenceException(ErrorKind.InvalidRequest, "There is no file with this 'input_file_id'.", "input_file_id");
        if (file.Purpose != FilePurposes.Batch)
            throw new InferenceException(ErrorKind.InvalidRequest, "The input file's purpose must be 'batch'.", "input_file_id");
        (row.InputContainer, row.InputBlob, row.InputETag) = (BlobContainers.Files, file.RowKey, file.BlobETag);
    }
}

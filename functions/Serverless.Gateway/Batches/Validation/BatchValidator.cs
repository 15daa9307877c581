using Azure;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Models;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Jobs;
using Serverless.Telemetry;

namespace Serverless.Gateway.Batches.Validation;

/// <summary>
/// Validates a batch and writes its shards. May run twice at once and die anywhere: the rate is fixed in the batch's row, so all cut alike,
/// and only one takes the batch on.
/// </summary>
internal sealed partial class BatchValidator(
    JobStorage storage, BatchTable batches, JobQueues queues, WorkRates rates, IModelCheck models, IOptions<JobOptions> options,
    TimeProvider time, ILogger<BatchValidator> logger)
{
    public async Task ValidateAsync(string batch, CancellationToken cancellationToken)
    {
        var row = await batches.FindAsync(batch, cancellationToken);
        if (row?.State != BatchStatus.Validating)
            return;
        using var activity = QueueTracing.StartProcess(QueueNames.BatchValidations, row.TraceParent);
        var started = time.GetTimestamp();
        var check = new InputCheck(row.Endpoint);
        await ReadAsync(row, check, cancellationToken);
        await CheckModelAsync(row, check, cancellationToken);
        if (check.Errors.Count > 0)
        {
            await RejectAsync(batch, check.Errors, cancellationToken);
            return;
        }

        var rate = await FixRateAsync(row, check.Model!, cancellationToken);
        if (rate is null)
            return;
        var shards = ShardPlan.Cut(batch, check.Requests, rate.Value, options.Value.ShardTarget);
        await batches.AddShardsAsync(batch, shards, cancellationToken);
        var begun = await batches.ChangeAsync(batch, current => Begin(current, shards.Count, check.Requests.Count), cancellationToken);
        if (begun is null)
            return;
        LogValidated(batch, check.Requests.Count, shards.Count, time.GetElapsedTime(started).TotalSeconds);
        await queues.SendCheckAsync(batch, TimeSpan.Zero, cancellationToken);
    }

    /// <summary>Ends a batch with errors.</summary>
    public async Task RejectAsync(string batch, ValidationErrors errors, CancellationToken cancellationToken)
    {
        var ended = await batches.ChangeAsync(
            batch,
            row =>
            {
                row.Errors = errors.ToJson();
                return row.TryStep(BatchTrigger.Rejected, time.GetUtcNow());
            },
            cancellationToken);
        if (ended is null)
            return;
        LogRejected(batch, errors.Count);
        await queues.SendCheckAsync(batch, TimeSpan.Zero, cancellationToken);
    }

    private bool Begin(BatchRow row, int shards, int lines)
    {
        (row.Shards, row.Lines) = (shards, lines);
        return row.TryStep(BatchTrigger.Validated, time.GetUtcNow());
    }

    private async Task ReadAsync(BatchRow row, InputCheck check, CancellationToken cancellationToken)
    {
        try
        {
            var conditions = new BlobRequestConditions { IfMatch = new ETag(row.InputETag) };
            var blob = storage.Container(row.InputContainer).GetBlobClient(row.InputBlob);
            using var content = (await blob.DownloadStreamingAsync(new BlobDownloadOptions { Conditions = conditions }, cancellationToken)).Value;
            await check.ReadAsync(content.Content, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 412)
        {
            check.Errors.Add(BatchErrorCodes.InputChanged, "The input is gone or was changed after the batch was created.", "input_file_id");
        }
    }

    private async Task CheckModelAsync(BatchRow row, InputCheck check, CancellationToken cancellationToken)
    {
        if (check.Model is not { } model)
            return;
        try
        {
            var reference = ModelReference.Parse(model);
            if (row.AllowedModels?.Split(',').Contains(reference.Name) == false)
                check.Errors.Add(BatchErrorCodes.ModelNotFound, $"The batch's key may not use the model '{reference.Name}'.", "body.model", 1);
            else if (!await models.ExistsAsync(reference, cancellationToken))
                check.Errors.Add(BatchErrorCodes.ModelNotFound, $"There is no model '{ValidationErrors.Quote(model)}'.", "body.model", 1);
        }
        catch (InferenceException exception) when (exception.Error.Kind == ErrorKind.ModelNotFound)
        {
            check.Errors.Add(BatchErrorCodes.ModelNotFound, exception.Message, "body.model", 1);
        }
    }

    /// <summary>The rate in the batch's row; the first validator puts it there.</summary>
    private async Task<double?> FixRateAsync(BatchRow row, string model, CancellationToken cancellationToken)
    {
        var measured = await rates.FindAsync(row.Endpoint, model, cancellationToken);
        var known = await batches.ChangeAsync(
            row.Id,
            current =>
            {
                if (current.SecondsPerUnit <= 0)
                    current.SecondsPerUnit = measured;
                current.Model = model;
                return current.State == BatchStatus.Validating;
            },
            cancellationToken);
        return known?.SecondsPerUnit;
    }

    [LoggerMessage(1, LogLevel.Information, "Batch {Batch}: {Lines} lines validated and cut into {Shards} shards in {Seconds:F2} s")]
    private partial void LogValidated(string batch, int lines, int shards, double seconds);

    [LoggerMessage(2, LogLevel.Information, "Batch {Batch} was rejected with {Errors} errors")]
    private partial void LogRejected(string batch, int errors);
}

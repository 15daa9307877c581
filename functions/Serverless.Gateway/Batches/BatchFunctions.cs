using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Serverless.Contracts.Configuration;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Async;
using Serverless.Gateway.Batches.Running;
using Serverless.Gateway.Batches.Validation;
using Serverless.Gateway.Jobs;
using Serverless.Gateway.Webhooks;
using Serverless.Telemetry;

namespace Serverless.Gateway.Batches;

/// <summary>The queues behind batches.</summary>
internal sealed class BatchFunctions(JobStorage storage, BatchValidator validator, FanIn fanIn, OperationNotices notices, WebhookDelivery webhooks)
{
    [Function("batch-validations")]
    public async Task ValidateAsync(
        [QueueTrigger(QueueNames.BatchValidations, Connection = Settings.Storage)] string batch, CancellationToken cancellationToken)
    {
        await storage.ReadyAsync();
        await validator.ValidateAsync(batch, cancellationToken);
    }

    [Function("batch-events")]
    public async Task FanInAsync(
        [QueueTrigger(QueueNames.BatchEvents, Connection = Settings.Storage)] string message, CancellationToken cancellationToken)
    {
        await storage.ReadyAsync();
        var report = JsonSerializer.Deserialize(message, JobJson.Default.BatchEvent) ?? throw new FormatException("The message is no event.");
        using var activity = QueueTracing.StartProcess(QueueNames.BatchEvents, report.TraceParent);
        await (report.Kind == BatchEventKind.Answered
            ? notices.HandleAsync(report, cancellationToken)
            : fanIn.HandleAsync(report, cancellationToken));
    }

    [Function("batch-webhooks")]
    public async Task DeliverAsync(
        [QueueTrigger(QueueNames.BatchWebhooks, Connection = Settings.Storage)] string message, CancellationToken cancellationToken)
    {
        await storage.ReadyAsync();
        await webhooks.DeliverAsync(message, cancellationToken);
    }
}

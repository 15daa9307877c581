using Microsoft.Azure.Functions.Worker;
using Serverless.Contracts.Configuration;
using Serverless.Contracts.Queues;

namespace Serverless.Gateway.Queues;

internal sealed class InferenceRequestsFunction(QueuedRequestHandler handler)
{
    /// <summary>
    /// One queued request; <see cref="TenantQueueFunctions"/> has it run for further queues, whose names it has there. After
    /// <see cref="QueueNames.MaxDeliveries"/> failed deliveries the host moves it to the poison queue.
    /// </summary>
    [Function(QueueNames.InferenceRequests)]
    public Task RunAsync(
        [QueueTrigger(QueueNames.InferenceRequests, Connection = Settings.Storage)] string message,
        FunctionContext context,
        CancellationToken cancellationToken) =>
        handler.HandleAsync(context.FunctionDefinition.Name, message, cancellationToken);
}

using Microsoft.Azure.Functions.Worker;
using Serverless.Contracts.Configuration;
using Serverless.Contracts.Queues;

namespace Serverless.Gateway.Queues;

internal sealed class InferenceRequestsFunction(QueuedRequestHandler handler)
{
    /// <summary>One queued request. After <see cref="QueueNames.MaxDeliveries"/> failed deliveries the host moves it to the poison queue.</summary>
    [Function("inference-requests")]
    public Task RunAsync(
        [QueueTrigger(QueueNames.InferenceRequests, Connection = Settings.Storage)] string message, CancellationToken cancellationToken) =>
        handler.HandleAsync(message, cancellationToken);
}

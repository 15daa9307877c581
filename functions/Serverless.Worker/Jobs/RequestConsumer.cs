using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Queues;

namespace Serverless.Worker.Jobs;

/// <summary>Takes single requests from Service Bus.</summary>
internal sealed class RequestConsumer(QueueConsumer consumer, RequestHandler handler, JobMetrics metrics, IOptions<JobOptions> options)
    : IHostedService
{
    private readonly string _queue = ServiceBusQueues.InferenceOf(options.Value.Pool);

    public Task StartAsync(CancellationToken cancellationToken) =>
        consumer.StartAsync(_queue, options.Value.RequestsAtOnce, HandleAsync, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => consumer.StopAsync(_queue, cancellationToken);

    private async Task<Settlement> HandleAsync(ServiceBusReceivedMessage received, CancellationToken stop, CancellationToken lost)
    {
        if (received.DeliveryCount > 1)
            metrics.Redelivered(_queue);
        var settlement = await handler.HandleAsync(received, stop, lost);
        metrics.RequestHandled(settlement.Outcome);
        return settlement;
    }
}

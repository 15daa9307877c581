using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Queues;
using Serverless.Worker.Draining;

namespace Serverless.Worker.Jobs;

/// <summary>Takes single requests from Service Bus.</summary>
internal sealed class RequestConsumer(QueueConsumer consumer, RequestHandler handler, JobMetrics metrics, Drain drain, IOptions<JobOptions> options)
    : IHostedLifecycleService
{
    private readonly string _queue = ServiceBusQueues.InferenceOf(options.Value.Pool);

    public Task StartedAsync(CancellationToken cancellationToken) =>
        consumer.StartAsync(_queue, options.Value.RequestsAtOnce, HandleAsync, cancellationToken);

    public Task StoppingAsync(CancellationToken cancellationToken) => consumer.StopAsync(_queue, cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // A request at hand is answered as those over HTTP are: given back at once, it would use up its deliveries where replicas come and go.
    private async Task<Settlement> HandleAsync(ServiceBusReceivedMessage received, CancellationToken lost)
    {
        if (received.DeliveryCount > 1)
            metrics.Redelivered(_queue);
        var settlement = await handler.HandleAsync(received, drain.Ended, lost);
        metrics.RequestHandled(settlement.Outcome);
        return settlement;
    }
}

using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;
using Serverless.Worker.Draining;

namespace Serverless.Worker.Jobs;

/// <summary>Takes shards from Service Bus.</summary>
internal sealed class ShardConsumer(
    QueueConsumer consumer, ShardHandler handler, JobMetrics metrics, Drain drain, IOptions<JobOptions> options, TimeProvider time)
    : IHostedLifecycleService
{
    private readonly string _queue = ServiceBusQueues.ShardsOf(options.Value.Pool);

    public Task StartedAsync(CancellationToken cancellationToken) =>
        consumer.StartAsync(_queue, options.Value.ShardsAtOnce, HandleAsync, cancellationToken);

    public Task StoppingAsync(CancellationToken cancellationToken) => consumer.StopAsync(_queue, cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // A shard does not wait: what is finished is sealed, and the rest goes on elsewhere.
    private async Task<Settlement> HandleAsync(ServiceBusReceivedMessage received, CancellationToken lost)
    {
        var started = time.GetTimestamp();
        if (received.DeliveryCount > 1)
            metrics.Redelivered(_queue);
        var settlement = Read(received) is { } message
            ? await handler.HandleAsync(message, drain.Begun, lost)
            : Settlement.DeadLetter("InvalidRequest", "The message is not a shard.");
        metrics.ShardHandled(settlement.Outcome, time.GetElapsedTime(started));
        return settlement;
    }

    private static ShardMessage? Read(ServiceBusReceivedMessage received)
    {
        try
        {
            return JsonSerializer.Deserialize(received.Body, JobJson.Default.ShardMessage) is { Batch: not null, Blob: not null, Endpoint: not null } message
                ? message
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

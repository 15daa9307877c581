using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Serverless.Telemetry;

namespace Serverless.Worker.Jobs;

/// <summary>Consumes Service Bus queues, one message for each free place, and settles as the handlers say.</summary>
internal sealed partial class QueueConsumer(ServiceBusClient client, MessagingMetrics metrics, TimeProvider time, ILogger<QueueConsumer> logger)
    : IAsyncDisposable
{
    // Beyond every run: 30 minutes at most, and the time to seal.
    private static readonly TimeSpan LongestRenewal = TimeSpan.FromMinutes(40);

    private readonly ConcurrentDictionary<string, ServiceBusProcessor> _processors = [];

    /// <summary>Handles a message until the lock is lost.</summary>
    public delegate Task<Settlement> Handler(ServiceBusReceivedMessage message, CancellationToken lost);

    public async Task StartAsync(string queue, int atOnce, Handler handler, CancellationToken cancellationToken)
    {
        var processor = client.CreateProcessor(queue, new ServiceBusProcessorOptions
        {
            PrefetchCount = 0,
            MaxConcurrentCalls = atOnce,
            AutoCompleteMessages = false,
            MaxAutoLockRenewalDuration = LongestRenewal,
        });
        processor.ProcessMessageAsync += args => ProcessAsync(args, handler);
        processor.ProcessErrorAsync += args =>
        {
            LogError(logger, queue, args.ErrorSource, args.Exception.Message);
            return Task.CompletedTask;
        };
        _processors[queue] = processor;
        await processor.StartProcessingAsync(cancellationToken);
    }

    /// <summary>Takes nothing more, and waits for the messages at hand: how long they may take is their handlers' concern.</summary>
    public async Task StopAsync(string queue, CancellationToken cancellationToken)
    {
        if (!_processors.TryGetValue(queue, out var processor))
            return;
        try
        {
            await processor.StopProcessingAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is not settled by now comes again once its lock is over.
            LogLeft(logger, queue);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var processor in _processors.Values)
            await processor.DisposeAsync();
    }

    private async Task ProcessAsync(ProcessMessageEventArgs args, Handler handler)
    {
        using var lost = new CancellationTokenSource();
        Task OnLost(MessageLockLostEventArgs _) => lost.CancelAsync();
        args.MessageLockLostAsync += OnLost;
        var started = time.GetTimestamp();
        string? error = "exception";
        try
        {
            var settlement = await handler(args.Message, lost.Token);
            error = settlement.Kind == SettlementKind.Complete ? null : settlement.Outcome;
            await SettleAsync(args, settlement);
        }
        finally
        {
            metrics.Processed(MessagingMetrics.ServiceBus, args.EntityPath, time.GetElapsedTime(started), error);
            args.MessageLockLostAsync -= OnLost;
        }
    }

    private async Task SettleAsync(ProcessMessageEventArgs args, Settlement settlement)
    {
        LogHandled(logger, args.EntityPath, args.Message.MessageId, args.Message.DeliveryCount, settlement.Outcome);
        try
        {
            await (settlement.Kind switch
            {
                SettlementKind.Complete => args.CompleteMessageAsync(args.Message, CancellationToken.None),
                SettlementKind.Abandon => args.AbandonMessageAsync(args.Message, cancellationToken: CancellationToken.None),
                SettlementKind.DeadLetter => args.DeadLetterMessageAsync(
                    args.Message, settlement.Reason, settlement.Description, CancellationToken.None),
                _ => Task.CompletedTask,
            });
        }
        catch (ServiceBusException error)
        {
            // It comes again, and whoever gets it finds everything done.
            LogUnsettled(logger, args.EntityPath, args.Message.MessageId, error.Reason);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Queue}: message {Id}, delivery {Delivery}: {Outcome}")]
    private static partial void LogHandled(ILogger logger, string queue, string id, int delivery, string outcome);

    [LoggerMessage(2, LogLevel.Warning, "{Queue}: message {Id} could not be settled ({Reason}); it will be delivered again")]
    private static partial void LogUnsettled(ILogger logger, string queue, string id, ServiceBusFailureReason reason);

    [LoggerMessage(4, LogLevel.Warning, "{Queue}: the worker stops before every message is settled")]
    private static partial void LogLeft(ILogger logger, string queue);

    [LoggerMessage(3, LogLevel.Warning, "{Queue}: {Source} failed: {Reason}")]
    private static partial void LogError(ILogger logger, string queue, ServiceBusErrorSource source, string reason);
}

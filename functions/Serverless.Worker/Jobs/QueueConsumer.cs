using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Serverless.Telemetry;
using Serverless.Worker.Draining;
using Serverless.Worker.Serving;

namespace Serverless.Worker.Jobs;

/// <summary>Consumes Service Bus queues, one message for each free place, and settles as the handlers say.</summary>
internal sealed partial class QueueConsumer(
    ServiceBusClient client, ModelPreload preload, Drain drain, MessagingMetrics metrics, TimeProvider time, ILogger<QueueConsumer> logger)
    : IAsyncDisposable
{
    // Beyond every run: 30 minutes at most, and the time to seal.
    private static readonly TimeSpan LongestRenewal = TimeSpan.FromMinutes(40);

    // A preloaded model that takes longer than this is no reason to leave messages for others lying.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Task> _starts = [];
    private readonly ConcurrentDictionary<string, ServiceBusProcessor> _processors = [];

    /// <summary>Handles a message until the lock is lost.</summary>
    public delegate Task<Settlement> Handler(ServiceBusReceivedMessage message, CancellationToken lost);

    /// <summary>
    /// Begins in the background once the models are there that are to be there before the first request: connecting takes processor time from
    /// them, a tenth of a start.
    /// </summary>
    public void Start(string queue, int atOnce, Handler handler) => _starts[queue] = StartAsync(queue, atOnce, handler);

    /// <summary>Takes nothing more, and waits for the messages at hand: how long they may take is their handlers' concern.</summary>
    public async Task StopAsync(string queue, CancellationToken cancellationToken)
    {
        if (!_starts.TryGetValue(queue, out var start))
            return;
        await start.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

    private async Task StartAsync(string queue, int atOnce, Handler handler)
    {
        await preload.Tried.WaitAsync(LongestWait, time, drain.Begun).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (drain.Begun.IsCancellationRequested)
            return;
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
        await processor.StartProcessingAsync(CancellationToken.None);
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

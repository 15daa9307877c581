using Azure;
using Azure.Storage.Queues.Models;
using Serverless.FunctionsHost.Worker;

namespace Serverless.FunctionsHost.Queues;

/// <summary>The loop of one queue-triggered function.</summary>
internal sealed partial class QueueListener(
    QueueTrigger trigger, QueueMessageHandler handler, WorkerGate gate, TimeProvider time, ILogger<QueueListener> logger)
{
    // How long a receive that is on its way when the host stops may still take.
    private static readonly TimeSpan ReceiveGrace = TimeSpan.FromSeconds(1);

    private readonly PollingBackoff _backoff = new(trigger.Settings.MaxPollingInterval, Random.Shared);
    private readonly List<Task> _running = [];

    /// <summary>Returns when stopping was asked for and every message taken has been finished or given back.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var receiving = new CancellationTokenSource();
        await using var grace = stopping.Register(() => receiving.CancelAfter(ReceiveGrace));
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await WaitForRoomAsync(stopping);
                await gate.WaitAsync(stopping);
                if (await TakeBatchAsync(receiving.Token, stopping)) _backoff.Reset();
                else await Task.Delay(_backoff.Next(), time, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                LogPollFailed(trigger.Queue.Name, e.GetBaseException().Message);
                await Task.Delay(_backoff.Next(), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(_running);
    }

    private async Task WaitForRoomAsync(CancellationToken stopping)
    {
        _running.RemoveAll(task => task.IsCompleted);
        while (_running.Count > trigger.Settings.NewBatchThreshold)
        {
            await Task.WhenAny(_running).WaitAsync(stopping);
            _running.RemoveAll(task => task.IsCompleted);
        }
    }

    private async Task<bool> TakeBatchAsync(CancellationToken receiving, CancellationToken stopping)
    {
        QueueMessage[] messages;
        try
        {
            // Not cancelled as soon as the host stops: messages of an answer that nobody reads stay hidden for the whole lease.
            messages = await trigger.Queue.ReceiveAsync(trigger.Settings.BatchSize, trigger.Lease, receiving);
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            // The Functions host leaves a missing queue missing; on one machine nobody else would create it.
            await trigger.Queue.CreateAsync(stopping);
            LogCreated(trigger.Queue.Name, trigger.Function);
            return false;
        }

        foreach (var message in messages)
        {
            _running.Add(stopping.IsCancellationRequested
                ? handler.ReleaseAsync(trigger, message)
                : handler.HandleAsync(trigger, message, stopping));
        }

        return messages.Length > 0;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Queue {Queue} could not be read: {Reason}")]
    private partial void LogPollFailed(string queue, string reason);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Queue {Queue} was missing and has been created for {Function}")]
    private partial void LogCreated(string queue, string function);
}

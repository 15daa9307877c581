using Azure;
using Azure.Storage.Queues.Models;
using Serverless.FunctionsHost.Functions;
using Serverless.FunctionsHost.Rpc;

namespace Serverless.FunctionsHost.Queues;

/// <summary>
/// Runs one message: deleted when its function ends well, back on the queue when it does not, to the poison queue once it has had
/// its runs or cannot be read at all.
/// </summary>
internal sealed partial class QueueMessageHandler(FunctionInvoker invoker, TimeProvider time, ILogger<QueueMessageHandler> logger)
{
    public async Task HandleAsync(QueueTrigger trigger, QueueMessage message, CancellationToken stopping)
    {
        try
        {
            await using var lease = new MessageLease(
                trigger.Queue, (message.MessageId, message.PopReceipt), trigger.Lease, time, logger);
            await RunAsync(trigger, message, lease, stopping);
        }
        catch (Exception e)
        {
            // The message shows itself again when its lease ends: nothing is lost, it only comes late or twice.
            LogNotFinished(message.MessageId, trigger.Queue.Name, e.Message);
        }
    }

    /// <summary>Gives a message back that was received too late to be run.</summary>
    public async Task ReleaseAsync(QueueTrigger trigger, QueueMessage message)
    {
        try
        {
            await trigger.Queue.HideAsync(message.MessageId, message.PopReceipt, TimeSpan.Zero, CancellationToken.None);
        }
        catch (RequestFailedException e)
        {
            LogNotFinished(message.MessageId, trigger.Queue.Name, e.Message);
        }
    }

    private async Task RunAsync(QueueTrigger trigger, QueueMessage message, MessageLease lease, CancellationToken stopping)
    {
        // More runs than allowed: its last one ended with this host or the worker, before the message could be moved.
        var body = trigger.Queue.Decode(message.MessageText);
        if (body is null || message.DequeueCount > trigger.Settings.MaxDequeueCount)
        {
            await MoveToPoisonAsync(trigger, message, lease, body is null ? "not base64" : "it had all its runs");
            return;
        }

        try
        {
            await invoker.InvokeAsync(
                trigger.Function,
                QueueTriggerData.Create(trigger.Binding, message, body),
                request => QueueTriggerData.AddMetadata(request, message, body),
                stopping);
        }
        catch (Exception e)
        {
            await FailAsync(trigger, message, lease, (e, stopping.IsCancellationRequested));
            return;
        }

        await lease.EndAsync();
        await trigger.Queue.DeleteAsync(message.MessageId, lease.PopReceipt, CancellationToken.None);
    }

    private async Task FailAsync(QueueTrigger trigger, QueueMessage message, MessageLease lease, (Exception Error, bool Stopping) end)
    {
        if (end.Error is not OperationCanceledException)
            LogFailed(trigger.Function, message.MessageId, message.DequeueCount, end.Error.Message);

        // A run that the host's own stop cut short does not condemn the message.
        if (message.DequeueCount >= trigger.Settings.MaxDequeueCount && !end.Stopping)
        {
            await MoveToPoisonAsync(trigger, message, lease, "it had all its runs");
            return;
        }

        await lease.EndAsync();
        var pause = end.Stopping || end.Error is WorkerLostException ? TimeSpan.Zero : trigger.Settings.VisibilityTimeout;
        await trigger.Queue.HideAsync(message.MessageId, lease.PopReceipt, pause, CancellationToken.None);
    }

    private async Task MoveToPoisonAsync(QueueTrigger trigger, QueueMessage message, MessageLease lease, string reason)
    {
        LogPoison(message.MessageId, trigger.Poison.Name, reason);
        await trigger.Poison.SendRawAsync(message.MessageText, CancellationToken.None);
        await lease.EndAsync();
        await trigger.Queue.DeleteAsync(message.MessageId, lease.PopReceipt, CancellationToken.None);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Function {Name} failed on message {Id}, run {Run}: {Reason}")]
    private partial void LogFailed(string name, string id, long run, string reason);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Message {Id} goes to {Queue}: {Reason}")]
    private partial void LogPoison(string id, string queue, string reason);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning,
        Message = "Message {Id} of {Queue} could not be finished, it comes back when its lease ends: {Reason}")]
    private partial void LogNotFinished(string id, string queue, string reason);
}

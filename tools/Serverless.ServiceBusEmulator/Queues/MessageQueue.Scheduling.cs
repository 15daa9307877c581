using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Messages;

namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>Scheduled messages, and everything else that happens because time passes.</summary>
internal sealed partial class MessageQueue
{
    // What comes due at once is done in rounds of this size, so that a million expiring messages do not stall the queue.
    private const int RoundLimit = 256;

    private readonly DeadlineQueue<QueuedMessage> _schedule = new((message, _) => message.Status == MessageStatus.Scheduled);

    public void CancelScheduled(IReadOnlyCollection<long> sequenceNumbers)
    {
        var messages = sequenceNumbers.Select(number => _index.Find(number) is { Status: MessageStatus.Scheduled } found
            ? found
            : throw new BrokerException(BrokerError.MessageNotFound, $"No scheduled message has the sequence number {number}.")).ToList();
        foreach (var message in messages)
            Remove(message);
    }

    /// <summary>Does what is due and returns when the next thing is.</summary>
    public long OnTime(long now)
    {
        var acted = false;
        for (var count = 0; count < RoundLimit && _schedule.TryTakeDue(now, out var scheduled); count++, acted = true)
            Activate(scheduled);
        for (var count = 0; count < RoundLimit && _lockExpirations.TryTakeDue(now, out var held); count++, acted = true)
            LoseLock(held);
        for (var count = 0; count < RoundLimit && _sessionExpirations.TryTakeDue(now, out var session); count++)
            LoseSession(session);
        for (var count = 0; count < RoundLimit && _requestExpirations.TryTakeDue(now, out var request); count++)
            request.Refuse(new BrokerException(BrokerError.Timeout, $"No session of '{Path}' became available in time."));
        for (var count = 0; count < RoundLimit && _expirations.TryTakeDue(now, out var message); count++)
            ExpireIfFree(message);
        ForgetOldDuplicates(now);
        if (acted)
            Dispatch();
        return NextDue();
    }

    private long NextDue() => Math.Min(
        Math.Min(_schedule.NextTicks(), _lockExpirations.NextTicks()),
        Math.Min(
            Math.Min(_sessionExpirations.NextTicks(), _requestExpirations.NextTicks()),
            Math.Min(_expirations.NextTicks(), _duplicates.NextTicks())));

    private void ExpireIfFree(QueuedMessage message)
    {
        // A held message expires when its lock ends without an outcome; a scheduled one lives from when it appears.
        if (message.Lock is null && message.Status is MessageStatus.Active or MessageStatus.Deferred)
            Expire(message);
    }

    /// <summary>A scheduled message appears as if it had just been sent: with a new number, at the end of the queue.</summary>
    private void Activate(QueuedMessage scheduled)
    {
        var content = _window.Get(scheduled, _index);
        var incoming = MessageDecoder.DecodeKept(content) with
        {
            ScheduledFor = null,
            EnqueuedSequenceNumber = scheduled.EnqueuedSequenceNumber,
            Hops = scheduled.Hops,
        };
        Remove(scheduled);
        Insert(incoming);
        Counts.Received--;
    }
}

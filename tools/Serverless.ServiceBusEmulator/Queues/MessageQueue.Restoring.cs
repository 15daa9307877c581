using Serverless.ServiceBusEmulator.Storage;

namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>Brings back what the store held, before the loop runs.</summary>
internal sealed partial class MessageQueue
{
    /// <summary>Puts a message of the store's back into memory at start.</summary>
    public void Restore(in MessageRecord record)
    {
        var message = new QueuedMessage
        {
            SequenceNumber = RowId.SequenceNumber(record.RowId),
            EnqueuedSequenceNumber = record.EnqueuedSequenceNumber,
            EnqueuedTicks = record.EnqueuedTicks,
            ExpiresTicks = record.ExpiresTicks,
            ScheduledTicks = record.ScheduledTicks,
            Status = (MessageStatus)record.Status,
            DeliveryCount = record.DeliveryCount,
            Session = HasSessions && record.SessionId is { } id ? GetOrAddSession(id) : null,
            SessionId = record.SessionId,
            Size = record.Size,
            Hops = (byte)record.Hops,
        };
        _lastSequence = Math.Max(_lastSequence, message.SequenceNumber);
        _reservedSequence = Math.Max(_reservedSequence, _lastSequence);
        if (message.Status == MessageStatus.Diverted)
            message.Status = MessageStatus.Active;
        Track(message);
    }

    public void RestoreSequence(long reserved) => _lastSequence = _reservedSequence = Math.Max(reserved, _reservedSequence);

    public void RestoreSessionState(string sessionId, byte[] state) => GetOrAddSession(sessionId).State = state;

    public void RestoreDuplicate(string messageId, long expiresTicks) => _duplicates.Add(messageId, expiresTicks);
}

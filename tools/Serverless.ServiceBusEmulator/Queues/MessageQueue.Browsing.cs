using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Messages;

namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>Access by sequence number: peeking, deferred messages, bulk deletion.</summary>
internal sealed partial class MessageQueue
{
    // One reply must stay a reasonable message, whatever count the client asks for.
    private const int MaxBrowseCount = 1000;
    private const int MaxBrowseBytes = 1024 * 1024;

    public List<byte[]> Peek(long fromSequenceNumber, int count, string? sessionId)
    {
        var found = new List<byte[]>();
        var bytes = 0;
        foreach (var message in _index.From(fromSequenceNumber))
        {
            if (found.Count >= Math.Min(count, MaxBrowseCount) || bytes > MaxBrowseBytes)
                break;
            if (message.Status == MessageStatus.Diverted || (sessionId is not null && message.SessionId != sessionId))
                continue;
            if (message.ExpiresTicks <= _context.NowTicks && message.Lock is null)
                continue;
            found.Add(DeliveryEncoder.Encode(_window.Look(message), FieldsOf(message, message.Lock?.UntilTicks ?? 0)));
            bytes += message.Size;
        }

        return found;
    }

    /// <summary>Takes deferred messages by number; all or none.</summary>
    public List<(Guid LockToken, byte[] Message)> ReceiveDeferred(
        IReadOnlyCollection<long> sequenceNumbers, bool delete, string? sessionId)
    {
        if (HasSessions && sessionId is not null)
            RequireHeld(sessionId);
        var messages = sequenceNumbers.Select(FindDeferred).ToList();
        var received = new List<(Guid, byte[])>();
        foreach (var message in messages)
        {
            var held = new MessageLock(Guid.NewGuid(), message, LockEnd(message)) { WasDeferred = true };
            var content = _window.Get(message, _index);
            received.Add((held.Token, DeliveryEncoder.Encode(content, FieldsOf(message, delete ? 0 : held.UntilTicks))));
            Counts.Delivered++;
            if (delete)
                Remove(message);
            else
                Hold(held);
        }

        return received;
    }

    /// <summary>Deletes messages that are free, oldest first, if they came before a time.</summary>
    public int DeleteMessages(int count, DateTimeOffset enqueuedBefore)
    {
        var doomed = _index.From(0)
            .Where(message => message.Lock is null && message.Status is MessageStatus.Active or MessageStatus.Deferred)
            .Where(message => message.EnqueuedTicks < enqueuedBefore.UtcTicks)
            .Take(Math.Min(count, 4000)).ToList();
        foreach (var message in doomed)
            Remove(message);
        return doomed.Count;
    }

    private QueuedMessage FindDeferred(long sequenceNumber)
    {
        if (_index.Find(sequenceNumber) is not { Status: MessageStatus.Deferred } message)
        {
            throw new BrokerException(
                BrokerError.MessageNotFound, $"No deferred message of '{Path}' has the sequence number {sequenceNumber}.");
        }

        return message.Lock is null
            ? message
            : throw new BrokerException(BrokerError.MessageLockLost, $"The deferred message {sequenceNumber} is held by another receiver.");
    }
}

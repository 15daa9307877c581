using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Messages;
using Serverless.ServiceBusEmulator.Storage;

namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>What receivers decide about messages they hold, and what happens when they do not decide in time.</summary>
internal sealed partial class MessageQueue
{
    /// <summary>Applies an outcome; refuses it where the lock is no longer held.</summary>
    public void Settle(Guid lockToken, Settlement settlement) => Settle(FindHeld(lockToken), settlement);

    public MessageLock FindHeld(Guid lockToken) =>
        _locks.TryGetValue(lockToken, out var held) && IsHeld(held) ? held : throw LockLost();

    public void Settle(MessageLock held, Settlement settlement)
    {
        EndLock(held);
        var message = held.Message;
        switch (settlement.Kind)
        {
            case SettlementKind.Complete:
                Counts.Completed++;
                Remove(message);
                break;
            case SettlementKind.Release:
                Return(held);
                break;
            case SettlementKind.Abandon:
                Modify(message, settlement.PropertiesToModify);
                CountFailedDelivery(held);
                break;
            case SettlementKind.Defer:
                Modify(message, settlement.PropertiesToModify);
                SetStatus(message, MessageStatus.Deferred);
                break;
            case SettlementKind.DeadLetter:
                DeadLetter(message, settlement);
                break;
        }

        if (settlement.Kind is SettlementKind.Abandon or SettlementKind.Release)
            Dispatch();
    }

    /// <summary>Whether a token still holds, without using it.</summary>
    public bool Holds(Guid lockToken) => _locks.TryGetValue(lockToken, out var held) && IsHeld(held);

    public DateTimeOffset RenewLock(Guid lockToken)
    {
        var held = FindHeld(lockToken);
        if (held.Message.Session is not null)
            throw new BrokerException(BrokerError.NotAllowed, "A message of a session is held by the session's lock: renew that.");

        held.UntilTicks = _context.NowTicks + Options.LockDuration.Ticks;
        _lockExpirations.Add(held, held.UntilTicks);
        return new DateTimeOffset(held.UntilTicks, TimeSpan.Zero);
    }

    private bool IsHeld(MessageLock held)
    {
        var now = _context.NowTicks;
        return held.Message.Session is { } session ? session.LockedUntilTicks > now : held.UntilTicks > now;
    }

    private void LoseLock(MessageLock held)
    {
        EndLock(held);
        CountFailedDelivery(held);
    }

    private void CountFailedDelivery(MessageLock held)
    {
        var message = held.Message;
        message.DeliveryCount++;
        if (message.DeliveryCount >= Options.MaxDeliveryCount && !IsDeadLetterQueue && !held.WasDeferred)
        {
            DeadLetter(message, new Settlement(SettlementKind.DeadLetter)
            {
                DeadLetterReason = DeadLetterReason.MaxDeliveryCountExceeded,
                DeadLetterDescription = $"Message could not be consumed after {Options.MaxDeliveryCount} delivery attempts.",
            });
            return;
        }

        _context.Loop.Write(StoreOperation.Update(message.ToRecord(StoreId)));
        Return(held);
    }

    private void Return(MessageLock held)
    {
        if (held.Message.ExpiresTicks <= _context.NowTicks)
            Expire(held.Message);
        else if (!held.WasDeferred)
            MakeReady(held.Message);
    }

    private void SetStatus(QueuedMessage message, MessageStatus status)
    {
        Uncount(message);
        message.Status = status;
        if (status == MessageStatus.Deferred)
            Counts.Deferred++;
        else
            Counts.Active++;
        _context.Loop.Write(StoreOperation.Update(message.ToRecord(StoreId)));
    }

    private void Modify(QueuedMessage message, IReadOnlyDictionary<string, object?>? properties)
    {
        if (properties is not { Count: > 0 })
            return;

        var draft = new MessageDraft(_window.Get(message, _index));
        foreach (var (name, value) in properties)
            draft.ApplicationProperties.Map[name] = value;
        Counts.SizeBytes -= message.Size;
        _window.Replace(message, draft.ToContent());
        Counts.SizeBytes += message.Size;
        _context.Loop.Write(StoreOperation.ReplaceContent(RowId.Of(StoreId, message.SequenceNumber), message.Content!));
    }

    private void Expire(QueuedMessage message)
    {
        if (!Options.DeadLetteringOnMessageExpiration)
        {
            Remove(message);
            return;
        }

        DeadLetter(message, new Settlement(SettlementKind.DeadLetter)
        {
            DeadLetterReason = DeadLetterReason.Expired,
            DeadLetterDescription = DeadLetterReason.ExpiredDescription,
        });
    }

    /// <summary>Moves a message to the dead letters, in one unit: it is never in both places or in none.</summary>
    public void DeadLetter(QueuedMessage message, Settlement why)
    {
        if (DeadLetters is not { } target)
        {
            // Dead-lettering a dead letter leaves it where it is.
            Modify(message, Reasons(why));
            if (message.Status == MessageStatus.Diverted)
                message.Status = MessageStatus.Active;
            MakeReadyHere(message);
            return;
        }

        var draft = new MessageDraft(_window.Get(message, _index));
        foreach (var (name, value) in Reasons(why))
            draft.ApplicationProperties.Map[name] = value;
        target.TakeDeadLetter(message, draft.ToContent());
        Remove(message);
        target.Dispatch();
    }

    private static Dictionary<string, object?> Reasons(Settlement why)
    {
        var properties = new Dictionary<string, object?>(why.PropertiesToModify ?? new Dictionary<string, object?>());
        if (why.DeadLetterReason is { } reason)
            properties[DeadLetterReason.ReasonProperty] = reason;
        if (why.DeadLetterDescription is { } description)
            properties[DeadLetterReason.DescriptionProperty] = description;
        return properties;
    }

    private void TakeDeadLetter(QueuedMessage original, byte[] content)
    {
        var message = new QueuedMessage
        {
            SequenceNumber = original.SequenceNumber,
            EnqueuedSequenceNumber = original.EnqueuedSequenceNumber,
            EnqueuedTicks = original.EnqueuedTicks,
            SessionId = original.SessionId,
            DeliveryCount = original.DeliveryCount,
            Content = content,
            Size = content.Length,
            Hops = original.Hops,
        };
        _context.Loop.Write(StoreOperation.Insert(message.ToRecord(StoreId), content));
        _window.Watch(message);
        Track(message);
    }

    private void MakeReadyHere(QueuedMessage message)
    {
        if (message.Status == MessageStatus.Active)
            _ready.Add(message);
        Dispatch();
    }
}

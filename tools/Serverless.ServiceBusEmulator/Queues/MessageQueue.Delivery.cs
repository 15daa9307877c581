using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Messages;

namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>Hands ready messages to the links that have credit.</summary>
internal sealed partial class MessageQueue
{
    private readonly Dictionary<Guid, MessageLock> _locks = [];
    private readonly List<IConsumer> _consumers = [];
    private readonly ContentWindow _window;
    private readonly DeadlineQueue<MessageLock> _lockExpirations = new((held, due) =>
        held.UntilTicks == due && ReferenceEquals(held.Message.Lock, held));

    private int _nextConsumer;

    public void Attach(IConsumer consumer)
    {
        _consumers.Add(consumer);
        Dispatch();
    }

    public void Detach(IConsumer consumer) => _consumers.Remove(consumer);

    /// <summary>Delivers as long as there are messages and credit, the links in turn.</summary>
    public void Dispatch()
    {
        while (_consumers.Count > 0 && _ready.TryPeek(out var message))
        {
            if (NextWithCredit() is not { } consumer || !Deliver(message, consumer, _ready))
                return;
        }
    }

    private IConsumer? NextWithCredit()
    {
        for (var tried = 0; tried < _consumers.Count; tried++)
        {
            _nextConsumer = (_nextConsumer + 1) % _consumers.Count;
            if (_consumers[_nextConsumer].HasCredit)
                return _consumers[_nextConsumer];
        }

        return null;
    }

    private bool Deliver(QueuedMessage message, IConsumer consumer, ReadyMessages from)
    {
        if (message.ExpiresTicks <= _context.NowTicks)
        {
            from.Dequeue();
            Expire(message);
            return true;
        }

        var held = new MessageLock(Guid.NewGuid(), message, LockEnd(message));
        var content = _window.Get(message, _index);
        var encoded = DeliveryEncoder.Encode(content, FieldsOf(message, consumer.SettlesOnDelivery ? 0 : held.UntilTicks));
        if (!consumer.TryDeliver(held.Token, encoded))
            return false;

        from.Dequeue();
        Counts.Delivered++;
        if (consumer.SettlesOnDelivery)
            Remove(message);
        else
            Hold(held);
        return true;
    }

    private long LockEnd(QueuedMessage message) =>
        message.Session?.LockedUntilTicks ?? _context.NowTicks + Options.LockDuration.Ticks;

    private void Hold(MessageLock held)
    {
        held.Message.Lock = held;
        _locks.Add(held.Token, held);
        if (held.Message.Session is { } session)
            session.Locks.Add(held);
        else
            _lockExpirations.Add(held, held.UntilTicks);
    }

    private void EndLock(MessageLock held)
    {
        _locks.Remove(held.Token);
        held.Message.Lock = null;
        held.Message.Session?.Locks.Remove(held);
    }

    private static DeliveryFields FieldsOf(QueuedMessage message, long lockedUntilTicks) => new()
    {
        SequenceNumber = message.SequenceNumber,
        EnqueuedSequenceNumber = message.EnqueuedSequenceNumber,
        EnqueuedTicks = message.EnqueuedTicks,
        LockedUntilTicks = lockedUntilTicks,
        TimeToLive = message.ExpiresTicks == long.MaxValue
            ? null : TimeSpan.FromTicks(message.ExpiresTicks - message.EnqueuedTicks),
        DeliveryCount = message.DeliveryCount,
        State = message.Status switch
        {
            MessageStatus.Deferred => 1,
            MessageStatus.Scheduled => 2,
            _ => 0,
        },
    };

    /// <summary>The entity is being deleted: everybody who waits here is told.</summary>
    public void Close()
    {
        foreach (var consumer in _consumers.ToArray())
            consumer.OnEntityDeleted();
        _consumers.Clear();
        CloseSessions();
    }

    private static BrokerException LockLost() =>
        new(BrokerError.MessageLockLost, "The lock supplied is invalid: it expired, or the message was already settled.");
}

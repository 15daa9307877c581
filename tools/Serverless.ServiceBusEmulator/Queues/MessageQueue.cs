using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Messages;
using Serverless.ServiceBusEmulator.Storage;

namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>
/// One store of messages that clients can address: a queue, a subscription, or the dead letters of either. All members run
/// on the entity's loop. This part takes messages in and lets them go.
/// </summary>
internal sealed partial class MessageQueue
{
    // Numbers are reserved on disk in blocks, so that they are never given twice, at one row write per block.
    private const long SequenceBlock = 10_000;

    // A message is kept in another encoding than it came in, which may be longer by the prefix and by wider map headers:
    // the largest message that a client may send must not be refused for that.
    private const int EncodingSlack = 64;

    private readonly QueueContext _context;
    private readonly SequenceIndex _index = new();
    private readonly ReadyMessages _ready = new();
    private readonly DeadlineQueue<QueuedMessage> _expirations = new((message, due) =>
        message.Status != MessageStatus.Removed && message.ExpiresTicks == due);

    private long _lastSequence;
    private long _reservedSequence;

    public MessageQueue(QueueContext context, long storeId, string path, QueueOptions options)
    {
        _context = context;
        StoreId = storeId;
        Path = path;
        Options = options;
        _window = new ContentWindow(context, storeId);
    }

    public long StoreId { get; }

    public string Path { get; }

    public QueueOptions Options { get; set; }

    /// <summary>Where dead letters go; null for a dead-letter queue itself.</summary>
    public MessageQueue? DeadLetters { get; init; }

    public EntityLoop Loop => _context.Loop;

    public IDiversion? Diversion { get; set; }

    public QueueCounts Counts { get; } = new();

    private bool IsDeadLetterQueue => DeadLetters is null;

    private bool HasSessions => Options.RequiresSession && !IsDeadLetterQueue;

    /// <summary>Takes in a message that <see cref="Admit"/> let pass; its number, or 0 where it was a duplicate and dropped.</summary>
    public long Enqueue(IncomingMessage incoming) => RegisterDuplicate(incoming.MessageId) ? 0 : Insert(incoming);

    /// <summary>Checks what would refuse the message, so that a batch can be refused whole.</summary>
    public void Admit(IncomingMessage incoming)
    {
        if (incoming.Content.Length > (Options.MaxMessageSizeInKilobytes * 1024) + EncodingSlack)
            throw TooLarge(incoming.Content.Length);
        if (HasSessions && incoming.SessionId is null)
        {
            throw new BrokerException(
                BrokerError.NotAllowed, $"The entity '{Path}' requires sessions: a message sent to it must have a SessionId.");
        }

        var used = Counts.SizeBytes + (DeadLetters?.Counts.SizeBytes ?? 0);
        if (used + incoming.Content.Length > Options.MaxSizeInMegabytes * 1024 * 1024)
        {
            throw new BrokerException(
                BrokerError.QuotaExceeded, $"The entity '{Path}' has reached its maximum size of {Options.MaxSizeInMegabytes} MB.");
        }
    }

    private BrokerException TooLarge(int size) => new(
        BrokerError.MessageSizeExceeded,
        $"The message has {size} bytes; '{Path}' takes at most {Options.MaxMessageSizeInKilobytes} KiB.");

    private long Insert(IncomingMessage incoming)
    {
        var now = _context.NowTicks;
        var scheduled = incoming.ScheduledFor?.UtcTicks ?? 0;
        incoming = CutTimeToLive(incoming, now);
        var number = NextSequence();
        var message = new QueuedMessage
        {
            SequenceNumber = number,
            EnqueuedSequenceNumber = incoming.EnqueuedSequenceNumber == 0 ? number : incoming.EnqueuedSequenceNumber,
            EnqueuedTicks = now,
            ExpiresTicks = scheduled > now ? long.MaxValue : ExpiryOf(incoming.TimeToLive, now),
            ScheduledTicks = scheduled > now ? scheduled : 0,
            Status = scheduled > now ? MessageStatus.Scheduled : MessageStatus.Active,
            Session = HasSessions ? GetOrAddSession(incoming.SessionId!) : null,
            SessionId = incoming.SessionId,
            Content = incoming.Content,
            Size = incoming.Content.Length,
            Hops = (byte)incoming.Hops,
        };
        _context.Loop.Write(StoreOperation.Insert(message.ToRecord(StoreId), incoming.Content));
        _window.Watch(message);
        Track(message);
        Counts.Received++;
        return number;
    }

    /// <summary>Adds a message to the index and to whatever its status calls for.</summary>
    private void Track(QueuedMessage message)
    {
        _index.Add(message);
        Counts.SizeBytes += message.Size;
        if (message.Session is { } session)
            session.MessageCount++;
        _expirations.Add(message, message.ExpiresTicks);
        switch (message.Status)
        {
            case MessageStatus.Scheduled:
                Counts.Scheduled++;
                _schedule.Add(message, message.ScheduledTicks);
                break;
            case MessageStatus.Deferred:
                Counts.Deferred++;
                break;
            default:
                Counts.Active++;
                MakeReady(message);
                break;
        }
    }

    /// <summary>The message is active and free: offer it, or send it on.</summary>
    private void MakeReady(QueuedMessage message)
    {
        if (Diversion is { } diversion)
        {
            message.Status = MessageStatus.Diverted;
            diversion.Take(this, message);
        }
        else if (message.Session is { } session)
        {
            session.Ready.Add(message);
            OfferSession(session);
        }
        else
        {
            _ready.Add(message);
        }
    }

    /// <summary>Ends a diversion: the message now lives elsewhere. Its row may have been deleted together with the insert there.</summary>
    public void ForgetDiverted(QueuedMessage message, bool write)
    {
        if (message.Status == MessageStatus.Diverted)
            Remove(message, write);
    }

    public byte[] ContentOf(QueuedMessage message) => _window.Get(message, _index);

    /// <summary>Takes a topic's copy in: nobody is there to be refused, so what the queue cannot take becomes a dead letter.</summary>
    public void Deposit(IncomingMessage incoming)
    {
        if (!HasSessions || incoming.SessionId is not null)
        {
            Insert(incoming);
            return;
        }

        var number = NextSequence();
        var draft = new MessageDraft(incoming.Content);
        draft.ApplicationProperties.Map[DeadLetterReason.ReasonProperty] = DeadLetterReason.NoSession;
        var refused = new QueuedMessage
        {
            SequenceNumber = number,
            EnqueuedSequenceNumber = incoming.EnqueuedSequenceNumber,
            EnqueuedTicks = _context.NowTicks,
        };
        DeadLetters!.TakeDeadLetter(refused, draft.ToContent());
        DeadLetters.Dispatch();
    }

    private void Remove(QueuedMessage message, bool write = true)
    {
        Uncount(message);
        message.Status = MessageStatus.Removed;
        message.Lock = null;
        _index.Forget(message);
        _window.Release(message);
        Counts.SizeBytes -= message.Size;
        if (message.Session is { } session)
        {
            session.MessageCount--;
            DropIfIdle(session);
        }

        if (write)
            _context.Loop.Write(StoreOperation.Delete(RowId.Of(StoreId, message.SequenceNumber)));
    }

    private void Uncount(QueuedMessage message)
    {
        switch (message.Status)
        {
            case MessageStatus.Scheduled:
                Counts.Scheduled--;
                break;
            case MessageStatus.Deferred:
                Counts.Deferred--;
                break;
            default:
                Counts.Active--;
                break;
        }
    }

    public long NextSequence()
    {
        if (++_lastSequence > _reservedSequence)
        {
            _reservedSequence += SequenceBlock;
            _context.Loop.Write(StoreOperation.ReserveSequence(StoreId, _reservedSequence));
        }

        return _lastSequence;
    }

    /// <summary>Clients trust the absolute expiry in the properties, so that must say what the queue grants.</summary>
    private IncomingMessage CutTimeToLive(IncomingMessage incoming, long now)
    {
        if (IsDeadLetterQueue || incoming.TimeToLive is not { } asked || asked <= Options.DefaultMessageTimeToLive)
            return incoming;

        var draft = new MessageDraft(incoming.Content);
        draft.Properties.CreationTime = new DateTime(now, DateTimeKind.Utc);
        draft.Properties.AbsoluteExpiryTime = draft.Properties.CreationTime + Options.DefaultMessageTimeToLive;
        return incoming with { Content = draft.ToContent(), TimeToLive = Options.DefaultMessageTimeToLive };
    }

    private long ExpiryOf(TimeSpan? timeToLive, long now)
    {
        // Dead letters stay until somebody takes them.
        if (IsDeadLetterQueue)
            return long.MaxValue;
        var granted = timeToLive is { } asked && asked < Options.DefaultMessageTimeToLive ? asked : Options.DefaultMessageTimeToLive;
        return granted.Ticks >= long.MaxValue - now ? long.MaxValue : now + granted.Ticks;
    }
}

using Serverless.ServiceBusEmulator.Messages;
using Serverless.ServiceBusEmulator.Queues;
using Serverless.ServiceBusEmulator.Storage;

namespace Serverless.ServiceBusEmulator.Entities;

/// <summary>A topic: copies each message to the subscriptions whose rules match, and keeps scheduled ones until they are due.</summary>
internal sealed class TopicEntity : Entity, IDiversion
{
    private readonly Dictionary<string, SubscriptionEntity> _subscriptions = new(StringComparer.OrdinalIgnoreCase);
    private readonly MessageQueue _waiting;

    public TopicEntity(long id, EntityDescription description, QueueContext context)
        : base(id, description, context.Loop)
    {
        Context = context;
        _waiting = new MessageQueue(context, RowId.MainStore(id), description.Path, description.Options) { Diversion = this };
        Queues = [_waiting];
        context.Loop.Deadlines = NextDue;
    }

    public QueueContext Context { get; }

    public override IReadOnlyList<MessageQueue> Queues { get; }

    public IReadOnlyCollection<SubscriptionEntity> Subscriptions => _subscriptions.Values;

    public void Add(SubscriptionEntity subscription) => _subscriptions.Add(subscription.Path, subscription);

    public void Remove(SubscriptionEntity subscription) => _subscriptions.Remove(subscription.Path);

    public override MessageQueue Receivable(bool deadLetters) =>
        throw new BrokerException(BrokerError.NotAllowed, $"'{Path}' is a topic: messages are received from its subscriptions.");

    public override MessageQueue Browsable(bool deadLetters) => _waiting;

    public override void Update(EntityDescription description)
    {
        base.Update(description);
        _waiting.Options = description.Options;
    }

    void IDiversion.Take(MessageQueue source, QueuedMessage message)
    {
        var incoming = MessageDecoder.DecodeKept(source.ContentOf(message)) with
        {
            EnqueuedSequenceNumber = message.EnqueuedSequenceNumber,
            Hops = message.Hops,
        };
        Publish(incoming);
        source.ForgetDiverted(message, write: true);
    }

    public override List<long> Accept(IReadOnlyList<IncomingMessage> messages)
    {
        var numbers = new List<long>(messages.Count);
        foreach (var message in messages)
            numbers.Add(AcceptOne(message));
        return numbers;
    }

    private long AcceptOne(IncomingMessage message)
    {
        if (message.ScheduledFor is { } due && due.UtcTicks > Loop.NowTicks)
            return _waiting.Enqueue(message);
        if (_waiting.RegisterDuplicate(message.MessageId))
            return 0;

        var number = _waiting.NextSequence();
        _waiting.Counts.Received++;
        Publish(message.EnqueuedSequenceNumber == 0 ? message with { EnqueuedSequenceNumber = number } : message);
        return number;
    }

    protected override void Admit(IncomingMessage message)
    {
        _waiting.Admit(message);
        // A topic's size is that of all its subscriptions.
        var limit = Description.Options.MaxSizeInMegabytes * 1024 * 1024;
        if (_subscriptions.Values.Sum(subscription => subscription.Queues.Sum(queue => queue.Counts.SizeBytes)) > limit)
        {
            throw new BrokerException(
                BrokerError.QuotaExceeded,
                $"The topic '{Path}' has reached its maximum size of {Description.Options.MaxSizeInMegabytes} MB.");
        }
    }

    private void Publish(IncomingMessage message)
    {
        var own = Description.Options.DefaultMessageTimeToLive;
        var granted = message.TimeToLive is { } asked && asked < own ? asked : own;
        foreach (var subscription in _subscriptions.Values)
            subscription.Deposit(message with { TimeToLive = granted });
    }

    private long NextDue(long now)
    {
        var due = _waiting.OnTime(now);
        foreach (var subscription in _subscriptions.Values)
        {
            foreach (var queue in subscription.Queues)
                due = Math.Min(due, queue.OnTime(now));
        }

        return due;
    }
}

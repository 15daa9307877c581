using Serverless.ServiceBusEmulator.Messages;
using Serverless.ServiceBusEmulator.Queues;
using Serverless.ServiceBusEmulator.Topics;

namespace Serverless.ServiceBusEmulator.Entities;

/// <summary>A subscription lives on its topic's loop: a message reaches all of them in one unit or none.</summary>
internal sealed class SubscriptionEntity : Entity
{
    private readonly Mailbox _mailbox;

    public SubscriptionEntity(long id, EntityDescription description, QueueContext context, IForwardTargets targets)
        : base(id, description, context.Loop)
    {
        _mailbox = new Mailbox(context, id, description, targets);
        Queues = [_mailbox.Main, _mailbox.DeadLetters];
        Rules = new RuleSet(description.Rules);
    }

    public RuleSet Rules { get; }

    public override IReadOnlyList<MessageQueue> Queues { get; }

    public override MessageQueue Receivable(bool deadLetters) => deadLetters ? _mailbox.DeadLetters : _mailbox.Main;

    public override void Update(EntityDescription description)
    {
        base.Update(description);
        _mailbox.Apply(description.Options);
    }

    public void Deposit(IncomingMessage message)
    {
        if (Description.Options.Status is EntityStatus.Disabled)
            return;
        foreach (var content in Rules.Copies(message.Content))
        {
            // An action may have changed what decides the way, such as the session.
            var copy = ReferenceEquals(content, message.Content)
                ? message
                : MessageDecoder.DecodeKept(content) with { EnqueuedSequenceNumber = message.EnqueuedSequenceNumber, Hops = message.Hops };
            _mailbox.Main.Deposit(copy with { TimeToLive = message.TimeToLive });
        }

        _mailbox.Main.Dispatch();
    }

    public override List<long> Accept(IReadOnlyList<IncomingMessage> messages) => throw NotSendable();

    protected override void Admit(IncomingMessage message) => throw NotSendable();

    private BrokerException NotSendable() =>
        new(BrokerError.NotAllowed, $"'{Path}' is a subscription: messages are sent to its topic.");
}

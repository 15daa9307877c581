using Serverless.ServiceBusEmulator.Messages;
using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Entities;

internal sealed class QueueEntity : Entity
{
    private readonly Mailbox _mailbox;

    public QueueEntity(long id, EntityDescription description, QueueContext context, IForwardTargets targets)
        : base(id, description, context.Loop)
    {
        _mailbox = new Mailbox(context, id, description, targets);
        Queues = [_mailbox.Main, _mailbox.DeadLetters];
        context.Loop.Deadlines = now => Math.Min(_mailbox.Main.OnTime(now), _mailbox.DeadLetters.OnTime(now));
    }

    public override IReadOnlyList<MessageQueue> Queues { get; }

    public override MessageQueue Receivable(bool deadLetters) => deadLetters ? _mailbox.DeadLetters : _mailbox.Main;

    public override void Update(EntityDescription description)
    {
        base.Update(description);
        _mailbox.Apply(description.Options);
    }

    protected override void Admit(IncomingMessage message) => _mailbox.Main.Admit(message);

    public override List<long> Accept(IReadOnlyList<IncomingMessage> messages)
    {
        var numbers = new List<long>(messages.Count);
        foreach (var message in messages)
            numbers.Add(_mailbox.Main.Enqueue(message));
        _mailbox.Main.Dispatch();
        return numbers;
    }
}

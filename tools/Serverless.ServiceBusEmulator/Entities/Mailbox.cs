using Serverless.ServiceBusEmulator.Queues;
using Serverless.ServiceBusEmulator.Storage;

namespace Serverless.ServiceBusEmulator.Entities;

/// <summary>A queue with its dead letters, and where either is forwarded.</summary>
internal sealed class Mailbox
{
    private readonly IForwardTargets _targets;

    public Mailbox(QueueContext context, long entityId, EntityDescription description, IForwardTargets targets)
    {
        _targets = targets;
        DeadLetters = new MessageQueue(
            context, RowId.DeadLetterStore(entityId), $"{description.Path}/$DeadLetterQueue", description.Options);
        Main = new MessageQueue(context, RowId.MainStore(entityId), description.Path, description.Options)
        {
            DeadLetters = DeadLetters,
        };
        Apply(description.Options);
    }

    public MessageQueue Main { get; }

    public MessageQueue DeadLetters { get; }

    public void Apply(QueueOptions options)
    {
        Main.Options = options;
        DeadLetters.Options = options;
        Main.Diversion = Forwarder(options.ForwardTo, null);
        DeadLetters.Diversion = Forwarder(options.ForwardDeadLetteredMessagesTo, Main.Path);
    }

    private Forwarder? Forwarder(string? target, string? deadLetterSource) =>
        string.IsNullOrEmpty(target) ? null : new Forwarder(_targets, target, deadLetterSource);
}

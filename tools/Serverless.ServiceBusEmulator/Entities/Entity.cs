using Serverless.ServiceBusEmulator.Messages;
using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Entities;

/// <summary>Something with a name that clients can send to or receive from. Everything but its name is touched on its loop only.</summary>
internal abstract class Entity(long id, EntityDescription description, EntityLoop loop)
{
    public long Id { get; } = id;

    public string Path => Description.Path;

    public EntityDescription Description { get; private set; } = description;

    public EntityLoop Loop { get; } = loop;

    /// <summary>Every store of messages that it has.</summary>
    public abstract IReadOnlyList<MessageQueue> Queues { get; }

    /// <summary>The messages that a receiver gets from it.</summary>
    public abstract MessageQueue Receivable(bool deadLetters);

    /// <summary>Where $management schedules, peeks and cancels: as <see cref="Receivable"/>, and a topic's waiting messages.</summary>
    public virtual MessageQueue Browsable(bool deadLetters) => Receivable(deadLetters);

    /// <summary>Takes messages in, all or none; their sequence numbers.</summary>
    public List<long> Send(IReadOnlyList<IncomingMessage> messages)
    {
        Check(messages);
        return Accept(messages);
    }

    /// <summary>Throws if any of the messages would be refused.</summary>
    public void Check(IReadOnlyList<IncomingMessage> messages)
    {
        if (Description.Options.Status is EntityStatus.Disabled or EntityStatus.SendDisabled)
            throw Disabled("sending");
        foreach (var message in messages)
            Admit(message);
    }

    /// <summary>Takes in what <see cref="Check"/> let pass.</summary>
    public abstract List<long> Accept(IReadOnlyList<IncomingMessage> messages);

    public void CheckReceivable()
    {
        if (Description.Options.Status is EntityStatus.Disabled or EntityStatus.ReceiveDisabled)
            throw Disabled("receiving");
    }

    public virtual void Update(EntityDescription description) => Description = description;

    public void Close()
    {
        foreach (var queue in Queues)
            queue.Close();
    }

    protected abstract void Admit(IncomingMessage message);

    private BrokerException Disabled(string what) =>
        new(BrokerError.EntityDisabled, $"The entity '{Path}' is disabled for {what} (its status is {Description.Options.Status}).");
}

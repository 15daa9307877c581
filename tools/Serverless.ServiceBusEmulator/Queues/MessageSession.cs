namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>One session of a queue: its waiting messages, its state and who holds it.</summary>
internal sealed class MessageSession(string id)
{
    public string Id { get; } = id;

    public ReadyMessages Ready { get; } = new();

    public byte[]? State { get; set; }

    public long StateUpdatedTicks { get; set; }

    public IConsumer? Owner { get; set; }

    public long LockedUntilTicks { get; set; }

    public int MessageCount { get; set; }

    /// <summary>Whether it stands in line for the next receiver that takes any session.</summary>
    public bool IsOffered { get; set; }

    public bool IsReturning { get; set; }

    /// <summary>Messages handed to the owner and not settled.</summary>
    public HashSet<MessageLock> Locks { get; } = [];
}

using Serverless.ServiceBusEmulator.Storage;

namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>
/// The index record of one message, about 100 bytes: a million waiting messages must fit in a fraction of 500 MB,
/// so whatever is not needed to route or time it lies in the content.
/// </summary>
internal sealed class QueuedMessage
{
    public required long SequenceNumber { get; init; }

    public long EnqueuedSequenceNumber { get; init; }

    public long EnqueuedTicks { get; init; }

    public long ExpiresTicks { get; init; } = long.MaxValue;

    public long ScheduledTicks { get; init; }

    /// <summary>Null once it is on disk and the cache has no room for it.</summary>
    public byte[]? Content { get; set; }

    public MessageLock? Lock { get; set; }

    public MessageSession? Session { get; init; }

    /// <summary>Kept apart from <see cref="Session"/>: dead letters have an id but no session.</summary>
    public string? SessionId { get; init; }

    public int Size { get; set; }

    public int DeliveryCount { get; set; }

    public MessageStatus Status { get; set; }

    public byte Hops { get; init; }

    /// <summary>Whether its content counts against the cache.</summary>
    public bool IsCached { get; set; }

    public MessageRecord ToRecord(long storeId) => new()
    {
        RowId = RowId.Of(storeId, SequenceNumber),
        EnqueuedSequenceNumber = EnqueuedSequenceNumber,
        EnqueuedTicks = EnqueuedTicks,
        ExpiresTicks = ExpiresTicks,
        ScheduledTicks = ScheduledTicks,
        Status = (int)Status,
        DeliveryCount = DeliveryCount,
        Hops = Hops,
        Size = Size,
        SessionId = SessionId,
    };
}

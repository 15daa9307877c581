namespace Serverless.ServiceBusEmulator.Storage;

/// <summary>A message's row without its content.</summary>
internal readonly record struct MessageRecord
{
    public long RowId { get; init; }

    public long EnqueuedSequenceNumber { get; init; }

    public long EnqueuedTicks { get; init; }

    public long ExpiresTicks { get; init; }

    public long ScheduledTicks { get; init; }

    public int Status { get; init; }

    public int DeliveryCount { get; init; }

    public int Hops { get; init; }

    public int Size { get; init; }

    public string? SessionId { get; init; }
}

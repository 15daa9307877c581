namespace Serverless.ServiceBusEmulator.Messages;

/// <summary>What the broker says about a message on one delivery of it.</summary>
internal readonly record struct DeliveryFields
{
    public long SequenceNumber { get; init; }

    public long EnqueuedSequenceNumber { get; init; }

    public long EnqueuedTicks { get; init; }

    /// <summary>UTC ticks until which the receiver holds it; 0 when it is not locked.</summary>
    public long LockedUntilTicks { get; init; }

    /// <summary>The time to live that the queue grants; null where the sender's own holds.</summary>
    public TimeSpan? TimeToLive { get; init; }

    public int DeliveryCount { get; init; }

    /// <summary>0 active, 1 deferred, 2 scheduled: the values clients expect in the state annotation.</summary>
    public int State { get; init; }
}

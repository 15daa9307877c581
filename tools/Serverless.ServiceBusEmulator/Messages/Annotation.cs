namespace Serverless.ServiceBusEmulator.Messages;

/// <summary>Names of the message annotations that brokers and clients exchange.</summary>
internal static class Annotation
{
    public const string SequenceNumber = "x-opt-sequence-number";
    public const string EnqueuedSequenceNumber = "x-opt-enqueue-sequence-number";
    public const string EnqueuedTime = "x-opt-enqueued-time";
    public const string LockedUntil = "x-opt-locked-until";
    public const string MessageState = "x-opt-message-state";
    public const string LockToken = "x-opt-lock-token";
    public const string ScheduledEnqueueTime = "x-opt-scheduled-enqueue-time";
    public const string PartitionKey = "x-opt-partition-key";
    public const string DeadLetterSource = "x-opt-deadletter-source";

    /// <summary>Set by the broker on each delivery; what a client sends under these names is dropped.</summary>
    public static bool IsBrokerOwned(string name) =>
        name is SequenceNumber or EnqueuedSequenceNumber or EnqueuedTime or LockedUntil or MessageState or LockToken;
}

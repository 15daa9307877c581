namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>Where a message stands. Values are stored; do not renumber.</summary>
internal enum MessageStatus : byte
{
    Active = 0,
    Deferred = 1,
    Scheduled = 2,

    /// <summary>On its way to another entity; invisible here.</summary>
    Diverted = 3,

    Removed = 4,
}

namespace Serverless.ServiceBusEmulator.Storage;

/// <summary>
/// A message's key in the store: store id above, sequence number below, so that one integer primary key keeps each
/// queue's messages together and in order. 2^40 messages per queue, 2^22 stores.
/// </summary>
internal static class RowId
{
    private const int SequenceBits = 40;

    public static long Of(long storeId, long sequenceNumber) => (storeId << SequenceBits) | sequenceNumber;

    public static long StoreId(long rowId) => rowId >> SequenceBits;

    public static long SequenceNumber(long rowId) => rowId & ((1L << SequenceBits) - 1);

    /// <summary>An entity has two stores: its messages, and its dead letters.</summary>
    public static long MainStore(long entityId) => entityId * 2;

    public static long DeadLetterStore(long entityId) => (entityId * 2) + 1;
}

namespace Serverless.ServiceBusEmulator.Storage;

/// <summary>What a store held when it was opened.</summary>
internal sealed class StoreSnapshot
{
    public static StoreSnapshot Empty { get; } = new();

    public Dictionary<long, string> Entities { get; init; } = [];

    public Dictionary<long, long> Sequences { get; init; } = [];

    /// <summary>In row order.</summary>
    public IEnumerable<MessageRecord> Messages { get; init; } = [];

    public List<(long StoreId, string SessionId, byte[] State)> SessionStates { get; init; } = [];

    public List<(long StoreId, string MessageId, long ExpiresTicks)> Duplicates { get; init; } = [];
}

namespace Serverless.ServiceBusEmulator.Storage;

internal interface IMessageStore : IAsyncDisposable
{
    /// <summary>False in memory: contents then stay with their messages, and operations need not be composed.</summary>
    bool IsDurable { get; }

    /// <summary>Everything that was kept. Called once, before the first unit.</summary>
    StoreSnapshot Load();

    /// <summary>Queues a unit; units become durable in the order in which they were appended.</summary>
    void Append(StoreUnit unit);

    /// <summary>Reads contents of committed rows in a range, in order, until the limits are reached.</summary>
    void ReadContents(ContentRange range, Action<long, byte[]> found);
}

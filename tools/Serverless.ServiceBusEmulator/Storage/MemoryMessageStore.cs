namespace Serverless.ServiceBusEmulator.Storage;

/// <summary>Keeps nothing: for tests and for runs whose messages may go with the process.</summary>
internal sealed class MemoryMessageStore : IMessageStore
{
    public bool IsDurable => false;

    public StoreSnapshot Load() => StoreSnapshot.Empty;

    public void Append(StoreUnit unit) => unit.Commit();

    public void ReadContents(ContentRange range, Action<long, byte[]> found)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

namespace Serverless.ServiceBusEmulator.Storage;

/// <summary>
/// How many bytes of message contents may stay in memory, over all queues, after they are on disk. Contents that have not
/// been committed are held in any case: the clients that wait for them are few.
/// </summary>
internal sealed class ContentCache(long capacityBytes)
{
    private long _used;

    public long UsedBytes => Volatile.Read(ref _used);

    public bool TryReserve(int bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= capacityBytes)
            return true;
        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    public void Release(int bytes) => Interlocked.Add(ref _used, -bytes);
}

namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>
/// Things that come due, earliest first. Entries are not removed when they lose their meaning: the owner says whether one
/// still counts, and the queue is rebuilt when most do not, so that its size follows what is alive.
/// </summary>
internal sealed class DeadlineQueue<T>(Func<T, long, bool> isCurrent)
    where T : class
{
    private const int RebuildFloor = 1024;

    private PriorityQueue<T, long> _queue = new();
    private int _countAtRebuild;

    public int Count => _queue.Count;

    public void Add(T item, long dueTicks)
    {
        if (dueTicks == long.MaxValue)
            return;
        if (_queue.Count >= Math.Max(RebuildFloor, _countAtRebuild * 2))
            Rebuild();
        _queue.Enqueue(item, dueTicks);
    }

    public long NextTicks()
    {
        while (_queue.TryPeek(out var item, out var due))
        {
            if (isCurrent(item, due))
                return due;
            _queue.Dequeue();
        }

        return long.MaxValue;
    }

    public bool TryTakeDue(long nowTicks, out T item)
    {
        if (NextTicks() <= nowTicks)
        {
            item = _queue.Dequeue();
            return true;
        }

        item = null!;
        return false;
    }

    private void Rebuild()
    {
        _queue = new PriorityQueue<T, long>(_queue.UnorderedItems.Where(entry => isCurrent(entry.Element, entry.Priority)));
        _countAtRebuild = _queue.Count;
    }
}

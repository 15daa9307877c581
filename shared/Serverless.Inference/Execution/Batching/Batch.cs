namespace Serverless.Inference.Execution.Batching;

/// <summary>Requests that run together.</summary>
internal sealed class Batch
{
    private readonly Lock _gate = new();
    private Action? _stop;
    private long _used;
    private int _waiting;

    public List<WorkItem> Items { get; } = [];

    /// <summary>When its run is expected to end, in the clock's ticks.</summary>
    public long FinishAt { get; set; }

    public int Rows { get; private set; }

    /// <summary>The longest of its rows.</summary>
    public int Width { get; private set; }

    public long Units => (long)Math.Max(Rows, 1) * Math.Max(Width, 1);

    /// <summary>Its units without padding.</summary>
    public long UsedUnits => _used;

    /// <summary>The part of it that is padding.</summary>
    public double Waste => 1 - ((double)_used / Units);

    public long UnitsWith(WorkItem item) => (long)(Rows + item.Shape.Rows) * Math.Max(Width, item.Shape.Width);

    public double WasteWith(WorkItem item) => 1 - ((double)(_used + item.Shape.Units) / UnitsWith(item));

    public void Add(WorkItem item)
    {
        item.Batch = this;
        Items.Add(item);
        Rows += item.Shape.Rows;
        _used += item.Shape.Units;
        Width = Math.Max(Width, item.Shape.Width);
        Interlocked.Increment(ref _waiting);
    }

    public WorkItem RemoveLast()
    {
        var item = Items[^1];
        Items.RemoveAt(Items.Count - 1);
        item.Batch = null;
        Rows -= item.Shape.Rows;
        _used -= item.Shape.Units;
        Width = Items.Max(other => other.Shape.Width);
        _waiting--;
        return item;
    }

    /// <summary>Says what ends the run once nobody waits for it any more; null when it has ended.</summary>
    public void StopWith(Action? stop)
    {
        lock (_gate)
            _stop = stop;
        if (Volatile.Read(ref _waiting) == 0)
            Stop();
    }

    /// <summary>Says that the caller of one of its items has left.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _waiting) == 0)
            Stop();
    }

    private void Stop()
    {
        lock (_gate)
            _stop?.Invoke();
    }
}

using Serverless.Inference.Execution.Batching;

namespace Serverless.Inference.Execution.Admission;

/// <summary>What waits for a model, and which of it goes next. Not safe for use by two threads at once.</summary>
internal sealed class RequestQueue(BatchPlan plan, RunTimes times, TimeProvider time)
{
    // Batch work that has waited this long takes every fourth turn from interactive work.
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);
    private const int TurnsBeforeAged = 3;

    // While interactive requests come in, runs of batch work are kept as short as theirs.
    private static readonly TimeSpan InteractiveMemory = TimeSpan.FromSeconds(2);

    private readonly FairQueue _interactive = new();
    private readonly FairQueue _batch = new();
    private long? _interactiveAt;
    private double _interactiveUnits = 1;
    private int _turns;
    private int _deadlines;

    public int Count { get; private set; }

    public int Rows { get; private set; }

    public long Bytes { get; private set; }

    public FairQueue Of(RunPriority priority) => priority == RunPriority.Batch ? _batch : _interactive;

    /// <summary>Notes that an interactive request has come, whether it waits or not.</summary>
    public void Note(WorkItem item, long now)
    {
        if (item.Terms.Priority != RunPriority.Interactive)
            return;
        _interactiveAt = now;
        _interactiveUnits += (item.Shape.Units - _interactiveUnits) / 8;
    }

    public void Add(WorkItem item)
    {
        Of(item.Terms.Priority).Add(item);
        Reckon(item, 1);
    }

    /// <returns>False when it is not in the queue any more.</returns>
    public bool Remove(WorkItem item)
    {
        if (item.Node is null)
            return false;
        Of(item.Terms.Priority).Remove(item);
        Reckon(item, -1);
        return true;
    }

    /// <summary>Takes out what cannot be ready by its deadline even if it ran now.</summary>
    public void RemoveLate(long now, List<WorkItem> late)
    {
        if (_deadlines == 0)
            return;
        foreach (var queue in new[] { _interactive, _batch })
        {
            foreach (var tenant in queue.Waiting)
                late.AddRange(tenant.Items.Where(item => item.Terms.Deadline < now + times.AtMost(item.Shape.Units)));
        }

        // Were nothing left to run, an expectation that is no longer true would never be put right.
        if (late.Count == Count && late.MaxBy(item => item.Terms.Deadline) is { } last && last.Terms.Deadline > now)
            late.Remove(last);
        foreach (var item in late)
            Remove(item);
    }

    /// <summary>When the request that goes next arrived.</summary>
    public long NextArrivedAt(long now) => NextQueue(now).Next().Items.First!.Value.ArrivedAt;

    /// <summary>Takes out what runs next.</summary>
    public Batch Take(long now, TakeLimits limits)
    {
        var queue = NextQueue(now);
        _turns = queue == _batch ? 0 : _turns + 1;
        var head = queue.Next().Items.First!.Value;
        var longest = queue == _batch && _interactiveAt is { } at && time.GetElapsedTime(at, now) < InteractiveMemory
            ? times.Estimate((long)Math.Ceiling(_interactiveUnits))
            : double.MaxValue;
        var filling = new BatchFilling(this, plan, times, new FillBounds(limits, now, longest));
        return filling.Run(queue, head);
    }

    public void Take(WorkItem item)
    {
        Of(item.Terms.Priority).Take(item);
        Reckon(item, -1);
    }

    public void PutBack(WorkItem item)
    {
        Of(item.Terms.Priority).PutBack(item);
        Reckon(item, 1);
    }

    private FairQueue NextQueue(long now)
    {
        if (_interactive.IsEmpty || _batch.IsEmpty)
            return _interactive.IsEmpty ? _batch : _interactive;
        if (_turns < TurnsBeforeAged)
            return _interactive;
        var oldest = _batch.Waiting.Min(tenant => tenant.Items.First!.Value.ArrivedAt);
        return time.GetElapsedTime(oldest, now) >= Age ? _batch : _interactive;
    }

    private void Reckon(WorkItem item, int sign)
    {
        Count += sign;
        Rows += sign * item.Shape.Rows;
        Bytes += sign * item.Shape.Bytes;
        _deadlines += item.Terms.Deadline is null ? 0 : sign;
    }
}

using Serverless.ServiceBusEmulator.Storage;

namespace Serverless.ServiceBusEmulator.Entities;

/// <summary>Work on several entities at once: transactions.</summary>
internal sealed partial class EntityLoop
{
    private static long _created;

    private readonly long _order = Interlocked.Increment(ref _created);

    private TaskCompletionSource? _parked;

    /// <summary>
    /// Runs work that touches several entities, as one unit: each loop is held still meanwhile, without holding a thread. Loops
    /// are taken in one order everywhere, so that two such works cannot wait for each other.
    /// </summary>
    public static async Task RunTogetherAsync(IEnumerable<EntityLoop> loops, Action work)
    {
        var ordered = loops.OrderBy(loop => loop._order).ToList();
        var held = new List<EntityLoop>();
        var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            foreach (var loop in ordered)
            {
                await loop.ParkAsync();
                held.Add(loop);
            }

            var unit = new StoreUnit();
            held.ForEach(loop => loop.CurrentUnit = unit);
            work();
            unit.Committed.Add(durable.SetResult);
            held[0]._store.Append(unit);
        }
        finally
        {
            held.ForEach(loop => loop.Resume());
        }

        await durable.Task;
    }

    private Task ParkAsync()
    {
        var parked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => _parked = parked);
        return parked.Task;
    }

    private void Resume()
    {
        CurrentUnit = new StoreUnit();
        _parked = null;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}

using Serverless.Contracts.Errors;
using Serverless.Inference.Diagnostics;

namespace Serverless.Inference.Lifecycle;

/// <summary>
/// The memory that models share. What a model takes counts from before its load until the last request has left it; whoever finds no room
/// lets idle models go, and waits for those that are going or in use.
/// </summary>
internal sealed class MemoryRoom(InferenceOptions options, InferenceMetrics metrics, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<RoomTicket> _tickets = [];
    private TaskCompletionSource _changed = NewSignal();
    private int _waiting;

    /// <summary>Room for <paramref name="bytes"/> until the ticket is disposed.</summary>
    /// <exception cref="InferenceException">It can never fit, or every model stayed in use.</exception>
    public async Task<RoomTicket> EnterAsync(VersionSlot slot, long bytes, CancellationToken cancellationToken)
    {
        if (bytes > options.MemoryBudgetBytes)
        {
            throw new InferenceException(
                ErrorKind.ModelUnavailable,
                $"Model {slot.Name}:{slot.Version} takes {bytes} bytes of memory; the worker may use {options.MemoryBudgetBytes} in all.",
                "model");
        }

        Interlocked.Increment(ref _waiting);
        try
        {
            for (var started = time.GetTimestamp(); ;)
            {
                var changed = Volatile.Read(ref _changed).Task;
                if (TryEnter(slot, bytes, out var leaving) is { } ticket)
                    return ticket;
                leaving.ForEach(other => other.Unload("It made room for another model."));
                await WaitAsync(changed, slot, options.RoomTimeout - time.GetElapsedTime(started), cancellationToken);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Says that a model may have become idle.</summary>
    public void Changed()
    {
        if (Volatile.Read(ref _waiting) > 0)
            Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
    }

    public void Leave(RoomTicket ticket)
    {
        lock (_gate)
        {
            if (!_tickets.Remove(ticket))
                return;
        }

        metrics.Memory(-ticket.Bytes);
        Changed();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WaitAsync(Task changed, VersionSlot slot, TimeSpan left, CancellationToken cancellationToken)
    {
        try
        {
            await changed.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken);
        }
        catch (TimeoutException error)
        {
            throw new InferenceException(
                ErrorKind.ModelUnavailable,
                $"The worker's models are all in use: there is no room for {slot.Name}:{slot.Version}.",
                "model",
                error);
        }
    }

    private RoomTicket? TryEnter(VersionSlot slot, long bytes, out List<VersionSlot> leaving)
    {
        lock (_gate)
        {
            leaving = [];
            if (Fits(_tickets.Count, _tickets.Sum(ticket => ticket.Bytes), bytes))
            {
                var ticket = new RoomTicket(this, slot, bytes);
                _tickets.Add(ticket);
                metrics.Memory(bytes);
                return ticket;
            }

            // Those on their way out make room without anybody else having to go.
            var staying = _tickets.Where(ticket => !ticket.IsLeaving).ToList();
            var (count, used) = (staying.Count, staying.Sum(ticket => ticket.Bytes));
            foreach (var idle in staying.Where(ticket => ticket.Slot.IsIdle).OrderBy(ticket => ticket.Slot.LastUsed))
            {
                if (Fits(count, used, bytes))
                    break;
                leaving.Add(idle.Slot);
                (count, used) = (count - 1, used - idle.Bytes);
            }

            return null;
        }
    }

    private bool Fits(int count, long used, long bytes) =>
        count < options.MaxLoadedModels && (options.MemoryBudgetBytes is not { } budget || used + bytes <= budget);
}
